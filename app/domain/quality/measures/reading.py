"""What may be asked of measures: what there are, and what they are of a unit or of all schools below it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.counts import percent_of
from app.domain.credits.boards.counting import days_of_board
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS, Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import place_column
from app.domain.quality.measures.counting import counting
from app.domain.quality.measures.meanings import MEANINGS, rows_behind
from app.domain.quality.measures.measure import IndicatorMeasure
from app.domain.quality.measures.measured_rows import BEHIND, listing
from app.domain.quality.measures.periods import is_period
from app.sql import Connection, Row, Statement

# What can be refused.


class MeasuredPeriodUnfit(Invalid):
    """The rows behind a measure are those of a period such as orders and forms have."""

    code = "measured_period_unfit"
    zh = "时段须先开始后结束，不早于 2000 年，最长五年。"
    en = "A period begins before it ends, not before 2000, and is five years at most."


# What may be asked.


async def list_indicator_measures(db: Connection, actor: Actor) -> list[Row]:
    """All measures there are, with what they count."""
    del db  # They are the same for all who may see evaluations at all.
    actor.require(Permission.GUIDANCE_READ)
    return [
        {
            "code": measure, "unit": meaning.unit, "is_share": meaning.is_share,
            "meaning_zh": meaning.zh, "meaning_en": meaning.en,
            "rows": rows_behind(
                measure, unit_id="{unit_id}", since="{since}", until="{until}"
            ), "rows_permission": BEHIND[measure].permission,
        }
        for measure, meaning in MEANINGS.items()
    ]  # fmt: skip


async def list_unit_measures(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """All measures of one unit with all below it, over at most a year; the present school year by default."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    today = civil_date(now)
    period = days_of_board(since, until, today)
    return await measure_units(
        db, measures=IndicatorMeasure, unit_ids=[unit_id], place=place_column(unit),
        period=period, as_of=today,
    )  # fmt: skip


OPEN_SCHOOLS = {
    place: Statement(
        select(col(Unit.id))
        .where(
            col(getattr(Unit, place)) == bindparam("unit_id", type_=Uuid),
            col(Unit.school_id).is_not(None),
            col(Unit.closed_on).is_(None),
        )
        .order_by(col(Unit.name), col(Unit.id))
    )
    for place in PLACE
}
"""The open schools of a place, by name: by the column in which a unit's key stands there."""


async def list_measured_schools(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    measure: IndicatorMeasure,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> list[Row]:
    """One measure of each open school of a place, by name; over the same periods."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    today = civil_date(now)
    period = days_of_board(since, until, today)
    schools = await db.all(OPEN_SCHOOLS[place_column(unit)], unit_id=unit_id)
    keys = [school["id"] for school in schools]
    return await measure_units(
        db, measures=(measure,), unit_ids=keys, place="school_id", period=period, as_of=today
    )


async def list_measure_rows(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    measure: IndicatorMeasure,
    since: date,
    until: date,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    whole: bool = False,
) -> Page:
    """The rows behind a measure of a unit with all below it: those that count, or all of the base (`whole`).

    They are as the register has them now; what holds of people and groups, as of a day. Whoever asks sees the
    measure, and over the unit what is counted: people only who may read people. The period is one of an
    order or a form, five years at most.
    """
    await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    unit = await UNITS.get(db, actor, unit_id, permission=BEHIND[measure].permission)
    if not is_period(since, until):
        raise MeasuredPeriodUnfit
    days = {"since": since, "until": until, "as_of": as_of or civil_date(now)}
    rows = listing(measure, place_column(unit), whole=whole)
    return await rows.page(db, page, {"unit_ids": [unit_id], **days})


async def measure_units(
    db: Connection,
    *,
    measures: Iterable[IndicatorMeasure],
    unit_ids: Sequence[UUID],
    place: str,
    period: tuple[date, date],
    as_of: date,
) -> list[Row]:
    """Measures of many units by one statement each; a unit of which there is nothing has zero.

    The caller has opened the units' doors.
    """
    since, until = period
    given = {"unit_ids": list(unit_ids), "since": since, "until": until, "as_of": as_of}
    found: list[Row] = []
    for measure in measures:
        statement = counting(measure, place)
        counted = await db.all(statement, **statement.chosen(given))
        by_unit = {row["unit_id"]: row for row in counted}
        found += (
            {
                "unit_id": unit_id, "measure": measure, **_value(measure, by_unit.get(unit_id)),
                "since": since, "until": until, "as_of": as_of,
                "rows": rows_behind(
                    measure, unit_id=unit_id, since=since, until=until, as_of=as_of
                ),
            }
            for unit_id in unit_ids
        )  # fmt: skip
    return found


def _value(measure: IndicatorMeasure, counted: Row | None) -> dict[str, Any]:
    """A count as it is; a share of a hundred with its numerator and denominator, of nothing no value."""
    numerator = counted["numerator"] if counted else 0
    if not MEANINGS[measure].is_share:
        return {"numerator": numerator, "denominator": None, "value": Decimal(numerator)}
    denominator = counted["denominator"] if counted else 0
    value = percent_of(numerator, denominator)
    return {"numerator": numerator, "denominator": denominator, "value": value}
