"""Comparing schools by a measure: how unequal they are, and how those with a title stand beside the others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Date, Uuid, bindparam, exists, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date, holds_on
from app.domain.counts import percent_of, two_places
from app.domain.credits.boards.counting import days_of_board
from app.domain.errors import Invalid
from app.domain.organisation.designations import Designation, DesignationLevel
from app.domain.organisation.units import UNITS, Unit, is_open_school
from app.domain.quality.measures import MEANINGS, IndicatorMeasure, MeasureUnit, measure_units
from app.domain.quality.school_comparisons.inequality import inequality_of
from app.sql import Connection, Row, Statement


class SchoolInequalityView(BaseModel):
    """How unequally a measure is spread over the schools of a place."""

    unit_id: UUID = Field(description="单位 / unit whose schools are compared")
    measure: IndicatorMeasure = Field(description="计量项 / measure")
    counted_in: MeasureUnit = Field(description="计量单位 / in what is counted")
    since: date = Field(description="起始日 / first day of the period")
    until: date = Field(description="截止日 / last day of the period")
    as_of: date = Field(description="取数日（基准日） / base date")
    schools: int = Field(description="学校数 / schools compared")
    total: int = Field(description="合计 / what all of them have")
    without: int = Field(description="为零的学校数 / schools that have none")
    gini: Decimal | None = Field(
        description="基尼系数，四位小数，合计为零时为空 / Gini coefficient; null where there is nothing"
    )
    gini_numerator: int = Field(description="基尼系数分子 / its numerator: sum of (2i - n - 1) * x")
    gini_denominator: int = Field(description="基尼系数分母 / its denominator: n * sum of x")
    fifth: int = Field(description="五分之一的学校数（进位取整） / schools in a fifth, rounded up")
    top_fifth: int = Field(description="最多的五分之一学校合计（分子） / what the first fifth has")
    bottom_fifth: int = Field(
        description="最少的五分之一学校合计（分子） / what the last fifth has"
    )
    top_percent: Decimal | None = Field(
        description="最多的五分之一占比，以合计为分母 / share of the first fifth, of the total"
    )
    bottom_percent: Decimal | None = Field(
        description="最少的五分之一占比，以合计为分母 / share of the last fifth, of the total"
    )
    lorenz: list[Decimal] = Field(
        description="洛伦兹曲线：学校自少至多每十分之一的累计占比 / what each tenth has, added up"
    )
    rows: str = Field(description="各校数据所在地址 / address of what each school has")


class SchoolGroup(StrEnum):
    """Which schools (学校组别)."""

    DESIGNATED = "designated"
    """命名学校"""
    OTHER = "other"
    """其他学校"""


class DesignationComparisonView(BaseModel):
    """What a measure comes to in one of the two groups of schools, with its base."""

    group: SchoolGroup = Field(description="组别 / designated schools, or the others")
    measure: IndicatorMeasure = Field(description="计量项 / measure")
    counted_in: MeasureUnit = Field(description="计量单位 / in what is counted")
    is_share: bool = Field(
        description="是否为百分比；否则为校均数 / a share, or else a mean per school"
    )
    schools: int = Field(description="学校数 / schools of the group")
    numerator: int = Field(description="分子 / numerator")
    denominator: int = Field(
        description="分母：百分比的总体，或学校数 / denominator: of the share, or the schools"
    )
    value: Decimal | None = Field(
        description="占比（%）或校均数，分母为零时为空 / percentage or mean; null of nothing"
    )
    since: date = Field(description="起始日 / first day of the period")
    until: date = Field(description="截止日 / last day of the period")
    as_of: date = Field(description="取数日（基准日） / base date")


# What can be refused.


class InequalityOfShare(Invalid):
    """Counts are spread over schools; percentages are not added, and spread nothing."""

    code = "inequality_of_share"
    zh = "百分比类计量项不能计算校际差距，请选择计数类计量项。"
    en = "Percentages are not spread over schools: choose a measure that is a count."


# What may be asked.

_DAY = bindparam("day", type_=Date)


def _schools(*, level: bool) -> Statement:
    held = select(col(Designation.id)).where(
        col(Designation.unit_id) == col(Unit.id), holds_on(Designation, _DAY)
    )
    if level:
        held = held.where(col(Designation.level) == bindparam("level"))
    unit_id = bindparam("unit_id", type_=Uuid)
    return Statement(
        select(col(Unit.id), col(Unit.name), exists(held.correlate(Unit)).label("designated"))
        .where(
            or_(*(col(getattr(Unit, place)) == unit_id for place in PLACE)),
            is_open_school(_DAY),
        )
        .order_by(col(Unit.name), col(Unit.id))
    )


_SCHOOLS, _SCHOOLS_OF_LEVEL = _schools(level=False), _schools(level=True)


async def schools_compared(
    db: Connection, *, unit_id: UUID, as_of: date, level: DesignationLevel | None = None
) -> list[Row]:
    """The open schools of a place on a day, by name, and whether each bore a title (of that level).

    The caller has opened the unit's door.
    """
    if level is None:
        return await db.all(_SCHOOLS, unit_id=unit_id, day=as_of)
    return await db.all(_SCHOOLS_OF_LEVEL, unit_id=unit_id, day=as_of, level=level)


async def measure_schools(
    db: Connection,
    *,
    schools: Sequence[Row],
    measure: IndicatorMeasure,
    period: tuple[date, date],
    as_of: date,
) -> dict[UUID, Row]:
    """What one measure is of each of these schools, by one statement."""
    found = await measure_units(
        db, measures=(measure,), unit_ids=[school["id"] for school in schools], place="school_id",
        period=period, as_of=as_of,
    )  # fmt: skip
    return {each["unit_id"]: each for each in found}


def spread(unit_id: UUID, measure: IndicatorMeasure, found: Mapping[UUID, Row], **days: Any) -> Row:
    """How unequally a count is spread over the schools of which it was measured."""
    if MEANINGS[measure].is_share:
        raise InequalityOfShare
    unequal = inequality_of(row["numerator"] for row in found.values())
    return {
        "unit_id": unit_id,
        "measure": measure,
        "counted_in": MEANINGS[measure].unit,
        **days,
        **unequal._asdict(),
        "gini": unequal.gini,
        "top_percent": percent_of(unequal.top_fifth, unequal.total),
        "bottom_percent": percent_of(unequal.bottom_fifth, unequal.total),
        "rows": f"/api/v1/units/{unit_id}/measured-schools?measure={measure}"
        f"&since={days['since']}&until={days['until']}",
    }


def beside(
    measure: IndicatorMeasure, schools: Iterable[Row], found: Mapping[UUID, Row], **days: Any
) -> list[Row]:
    """The designated schools and the others by one measure: a share of all, or a mean per school."""
    is_share = MEANINGS[measure].is_share
    groups: dict[bool, list[Row]] = {True: [], False: []}
    for school in schools:
        groups[school["designated"]].append(found[school["id"]])
    return [
        _group(SchoolGroup.DESIGNATED if bears else SchoolGroup.OTHER, measure, rows, is_share)
        | days
        for bears, rows in groups.items()
    ]


def _group(group: SchoolGroup, measure: IndicatorMeasure, rows: list[Row], is_share: bool) -> Row:
    above = sum(row["numerator"] for row in rows)
    if is_share:
        below = sum(row["denominator"] for row in rows)
        value = percent_of(above, below)
    else:
        below = len(rows)
        value = two_places(Decimal(above) / below) if below else None
    return {
        "group": group, "measure": measure, "counted_in": MEANINGS[measure].unit,
        "is_share": is_share, "schools": len(rows), "numerator": above, "denominator": below,
        "value": value,
    }  # fmt: skip


async def _compared(
    db: Connection,
    actor: Actor,
    unit_id: UUID,
    measure: IndicatorMeasure,
    now: datetime,
    since: date | None,
    until: date | None,
    level: DesignationLevel | None = None,
) -> tuple[list[Row], dict[UUID, Row], dict[str, date]]:
    await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    today = civil_date(now)
    first, last = days_of_board(since, until, today)
    as_of = min(last, today)
    schools = await schools_compared(db, unit_id=unit_id, as_of=as_of, level=level)
    found = await measure_schools(
        db, schools=schools, measure=measure, period=(first, last), as_of=as_of
    )
    return schools, found, {"since": first, "until": last, "as_of": as_of}


async def get_school_inequality(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    measure: IndicatorMeasure,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Row:
    """How unequally a measure is spread over the open schools of a place; the school year by default."""
    _, found, days = await _compared(db, actor, unit_id, measure, now, since, until)
    return spread(unit_id, measure, found, **days)


async def list_designation_comparison(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    measure: IndicatorMeasure,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
    level: DesignationLevel | None = None,
) -> list[Row]:
    """One measure of the schools that bear a title, and of those that do not, each with its base."""
    schools, found, days = await _compared(db, actor, unit_id, measure, now, since, until, level)
    return beside(measure, schools, found, **days)
