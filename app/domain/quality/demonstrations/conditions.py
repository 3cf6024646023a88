"""The conditions of a call, looked up in the register for one school, as of a day.

Every finding says what was counted: numerator, denominator, value, from which day to which, as of when.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Date, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date, civil_day, holds_on
from app.domain.counts import percent_of
from app.domain.credits.rules.calendar import DAY, birthday
from app.domain.errors import Conflict
from app.domain.organisation.designations import Designation
from app.domain.organisation.units import UNITS, Level, NotASchool
from app.domain.people.teachers.strata import is_among
from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.demonstration_calls import (
    DEMONSTRATION_CALLS,
    MOST_YEARS,
    DemonstrationCondition,
    DemonstrationConditionKind,
)
from app.domain.quality.indicator_sheets import IndicatorSheet
from app.domain.quality.measures import IndicatorMeasure, measure_units
from app.domain.quality.unit_evaluations import EvaluationState, UnitEvaluation
from app.sql import Connection, Row, Statement


class DemonstrationFinding(BaseModel):
    """What the register says of one condition in one of its years."""

    code: str = Field(description="条件代码 / code of the condition")
    name: str = Field(description="条件名称 / what is asked")
    kind: DemonstrationConditionKind = Field(description="条件类型 / from what it was read")
    since: date = Field(description="起始日 / first day looked at")
    until: date = Field(description="截止日 / last day looked at")
    as_of: date = Field(description="核查日 / day of checking")
    numerator: Decimal = Field(description="分子，或计数 / numerator, or what was counted")
    denominator: Decimal | None = Field(
        description="分母，非百分比时为空 / denominator, null for what is no share"
    )
    value: Decimal | None = Field(
        description="值；百分比以百计，分母为零或无记录时为空 / value; null of nothing"
    )
    at_least: Decimal | None = Field(description="下限（含） / at least")
    at_most: Decimal | None = Field(description="上限（含） / at most")
    met: bool = Field(description="是否达到 / whether it is satisfied")
    source: str = Field(description="依据 / document and article")
    rows: str = Field(description="明细所在地址 / address of the rows behind it")


# What can be refused.


class DemonstrationConditionsUnmet(Conflict):
    """The register does not show what the call asks."""

    code = "demonstration_conditions_unmet"
    zh = "未达到申报条件：{names}。"
    en = "These conditions are not satisfied: {names}."


# What may be asked.


def _year(as_of: date, number: int) -> tuple[date, date]:
    """The first and last day of the last year up to a day, or of the one `number` years before that."""
    after = as_of + DAY
    return birthday(after, -number - 1), birthday(after, -number) - DAY


async def list_demonstration_findings(
    db: Connection, actor: Actor, *, call_id: UUID, unit_id: UUID, now: datetime
) -> list[Row]:
    """What the register says today of a school under each condition of a call; nothing is asked of it."""
    call = await DEMONSTRATION_CALLS.get(db, actor, call_id)
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.GUIDANCE_READ)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    found = await findings_of(
        db, conditions=call["conditions"], school_id=unit_id, on=civil_date(now)
    )
    return [each.model_dump() for each in found]


async def findings_of(
    db: Connection, *, conditions: Sequence[Mapping[str, Any]], school_id: UUID, on: date
) -> list[DemonstrationFinding]:
    """The findings of all conditions, in their order; the caller has opened the doors."""
    asked = [DemonstrationCondition.model_validate(each) for each in conditions]
    measured = await _measured(db, asked, school_id, on)
    evaluated = await db.all(
        _EVALUATED, school_id=school_id, since=_year(on, MOST_YEARS - 1)[0], until=on
    )
    held = await db.all(_HELD, school_id=school_id, day=on)
    found = []
    for each in asked:
        for number in range(each.years):
            year = _year(on, number)
            if each.kind is DemonstrationConditionKind.MEASURE:
                counted = measured[each.measure, number]
            elif each.kind is DemonstrationConditionKind.EVALUATION:
                counted = _evaluation(evaluated, year, school_id)
            else:
                counted = _titles(each, held, school_id)
            found.append(_finding(each, year, on, counted))
    return found


async def check_findings(
    db: Connection, *, conditions: Sequence[Mapping[str, Any]], school_id: UUID, on: date
) -> list[dict[str, Any]]:
    """The findings as they are kept, or a refusal that names the conditions that are not satisfied."""
    found = await findings_of(db, conditions=conditions, school_id=school_id, on=on)
    unmet = dict.fromkeys(each.name for each in found if not each.met)
    if unmet:
        raise DemonstrationConditionsUnmet(names="、".join(unmet))
    return [each.model_dump(mode="json") for each in found]


async def _measured(
    db: Connection, asked: list[DemonstrationCondition], school_id: UUID, on: date
) -> dict[tuple[Any, int], Row]:
    """The measures that are asked for, of each of their years."""
    found = {}
    for number in range(max((each.years for each in asked), default=0)):
        wanted = {each.measure for each in asked if each.measure and each.years > number}
        rows = await measure_units(
            db, measures=sorted(wanted), unit_ids=[school_id], place="school_id",
            period=_year(on, number), as_of=on,
        )  # fmt: skip
        found.update({(IndicatorMeasure(row["measure"]), number): row for row in rows})
    return found


_SCHOOL = bindparam("school_id", type_=Uuid)
_EVALUATED = Statement(
    select(
        col(UnitEvaluation.id), col(UnitEvaluation.score), col(IndicatorSheet.total),
        civil_day(col(UnitEvaluation.published_at)).label("day"),
    )
    .join_from(UnitEvaluation, CheckOrder, col(UnitEvaluation.order_id) == col(CheckOrder.id))
    .join(IndicatorSheet, col(CheckOrder.sheet_id) == col(IndicatorSheet.id))
    .where(
        col(UnitEvaluation.unit_id) == _SCHOOL,
        # A result that is appealed against is none yet.
        is_among(
            col(UnitEvaluation.state), [EvaluationState.PUBLISHED, EvaluationState.SETTLED]
        ),
        civil_day(col(UnitEvaluation.published_at)).between(
            bindparam("since", type_=Date), bindparam("until", type_=Date)
        ),
    )
    .order_by(col(UnitEvaluation.published_at).desc(), col(UnitEvaluation.id))
)  # fmt: skip
_HELD = Statement(
    select(col(Designation.kind), col(Designation.level)).where(
        col(Designation.unit_id) == _SCHOOL, holds_on(Designation, bindparam("day", type_=Date))
    )
)


def _evaluation(rows: Sequence[Row], year: tuple[date, date], school_id: UUID) -> Row:
    """The last result of a year, as a share of what could be reached."""
    last = next((row for row in rows if year[0] <= row["day"] <= year[1]), None)
    behind = f"/api/v1/unit-evaluations?unit_id={school_id}"
    if last is None:
        return {"numerator": 0, "denominator": 0, "value": None, "rows": behind}
    share = percent_of(last["score"], last["total"])
    behind = f"/api/v1/unit-evaluations/{last['id']}"
    return {
        "numerator": last["score"], "denominator": last["total"], "value": share, "rows": behind,
    }  # fmt: skip


def _titles(asked: DemonstrationCondition, held: Sequence[Row], school_id: UUID) -> Row:
    """How many titles of the kind and the level asked for the school bears."""
    count = sum(
        asked.designation_kind in {None, row["kind"]}
        and asked.designation_level in {None, row["level"]}
        for row in held
    )
    behind = f"/api/v1/designations?unit_id={school_id}"
    return {"numerator": count, "denominator": None, "value": Decimal(count), "rows": behind}


def _finding(
    asked: DemonstrationCondition, year: tuple[date, date], on: date, counted: Row
) -> DemonstrationFinding:
    """What was found against what was asked: of nothing nothing is satisfied."""
    value = counted["value"]
    met = value is not None and (
        value >= asked.at_least if asked.at_least is not None else value <= (asked.at_most or 0)
    )
    since, until = (on, on) if asked.kind is DemonstrationConditionKind.DESIGNATION else year
    return DemonstrationFinding.model_validate(
        {
            **asked.model_dump(include={"code", "name", "kind", "at_least", "at_most", "source"}),
            **{name: counted[name] for name in ("numerator", "denominator", "value", "rows")},
            "since": since, "until": until, "as_of": on, "met": met,
        }
    )  # fmt: skip
