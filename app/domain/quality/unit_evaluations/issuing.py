"""Issuing an order: the units that it goes to, and what is computed of them, frozen as of that day."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, distinct, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Level, Unit, hold_unit, place_of
from app.domain.quality.check_orders.order import CHECK_ORDERS, CheckOrder, CheckOrderFields
from app.domain.quality.indicator_sheets import (
    INDICATOR_SHEETS,
    EvaluatedKind,
    IndicatorSheetNotFound,
)
from app.domain.quality.measures import IndicatorMeasure, measure_units, tell_of_period
from app.domain.quality.measures.periods import is_countable
from app.domain.quality.unit_evaluations.table import (
    EvaluationState,
    EvaluationValue,
    UnitEvaluation,
)
from app.domain.turns import take_turn
from app.sql import Connection, Row, Statement, new_id


class NewCheckOrder(CheckOrderFields, Command):
    """An order to be given, to the units named or else to all that the sheet speaks of."""

    unit_id: UUID = Field(description="发文教育局 / bureau that gives it")
    sheet_id: UUID = Field(description="指标表版本 / version of the sheet")
    list_number: str | None = Field(  # type: ignore[assignment]  # refused with a code of its own
        default=None,
        min_length=1,
        max_length=60,
        description="督查检查考核清单编号 / number on the approved list of inspections",
    )
    unit_ids: list[UUID] = Field(
        default_factory=list,
        max_length=3000,
        description="被查单位，不填为指标表所及的全部下属单位 / units; none: all of that kind below",
    )


# What can be refused.


class CheckOrderWithoutListNumber(Invalid):
    """Whoever checks goes by an approved list (教育部减负通知, November 2025)."""

    code = "check_order_without_list_number"
    zh = "检查通知须注明督查检查考核清单编号。"
    en = "An order to check states its number on the approved list of inspections."


class CheckOrderPeriodUnfit(Invalid):
    """What is looked at is over: nothing is computed of days yet to come."""

    code = "check_order_period_unfit"
    zh = "考察期须先开始后结束，不超过五年，且不晚于今天。"
    en = "The period begins before it ends, lasts five years at most, and is over."


class CheckOrderDuePast(Invalid):
    """Whoever is asked has time to answer."""

    code = "check_order_due_past"
    zh = "报送期限不能早于今天。"
    en = "The last day for handing in has passed already."


class CheckOrderAddresseesUnfit(Invalid):
    """A bureau checks open units below it, of the kind of which the sheet speaks."""

    code = "check_order_addressees_unfit"
    zh = "被查单位须为本教育局所属的、与指标表评估对象相符的在用单位。"
    en = "An order goes to open units below the bureau, of the kind of which the sheet speaks."


class CheckOrderWithoutData(Invalid):
    """Of a period of which nothing at all is registered, nothing can be reported."""

    code = "check_order_without_data"
    zh = "考察期内没有任何可供计算的登记数据。"
    en = "Nothing is registered of this period from which the sheet's values could be computed."


class CheckOrderYearUnfit(Invalid):
    """What comes of it is a result of the school year that it names: some of its days are looked at."""

    code = "check_order_year_unfit"
    zh = "考察期与 {year} 学年没有重合：结果计入哪个学年，就须考察该学年。"
    en = "No day of the school year {year}, of which this is to be a result, lies in the period."


class CheckOrderGivenAlready(Conflict):
    """Nobody is checked twice under one number of the approved list (教育部减负通知, November 2025)."""

    code = "check_order_given_already"
    zh = "同一清单编号、同一学年的同类检查已下达给 {units} 个单位，不得重复检查。"
    en = (
        "A check of this kind and school year was ordered of {units} of these units under the same"
        " number already."
    )


def _check(new: NewCheckOrder, today: date) -> None:
    if new.list_number is None:
        raise CheckOrderWithoutListNumber
    if not is_countable(new.since, new.until, today):
        raise CheckOrderPeriodUnfit
    year = new.school_year
    if new.until < date(year, 9, 1) or new.since > date(year + 1, 8, 31):
        raise CheckOrderYearUnfit(year=year)
    if new.due_on < today:
        raise CheckOrderDuePast


# What may be asked.

_KINDS = {EvaluatedKind.SCHOOL: Level.SCHOOL, EvaluatedKind.COUNTY: Level.COUNTY}
_PLACES = {EvaluatedKind.SCHOOL: "school_id", EvaluatedKind.COUNTY: "county_id"}


def _below(column: str, *, named: bool) -> Statement:
    """The open units of a kind in a bureau's place: all, or those that are named."""
    query = select(col(Unit.id), col(Unit.city_id), col(Unit.county_id), col(Unit.school_id)).where(
        col(getattr(Unit, column)) == bindparam("bureau_id", type_=Uuid),
        col(Unit.level) == bindparam("level", type_=Unit.__table__.c.level.type),  # type: ignore[attr-defined]
        col(Unit.closed_on).is_(None),
        col(Unit.id) != bindparam("bureau_id", type_=Uuid),
    )
    if named:
        query = query.where(col(Unit.id) == any_(bindparam("named", type_=ARRAY(Uuid))))
    # Held, so that none is closed or moved before its evaluation is placed; in one order for all.
    return Statement(query.order_by(col(Unit.id)).with_for_update(key_share=True, read=True))


_BELOW = {
    (column, named): _below(column, named=named)
    for column in ("city_id", "county_id")
    for named in (False, True)
}


async def _addressed(
    db: Connection, new: NewCheckOrder, bureau: Row, kind: EvaluatedKind
) -> list[Row]:
    column = "city_id" if bureau["level"] == Level.CITY else "county_id"
    named = {"named": new.unit_ids} if new.unit_ids else {}
    found = await db.all(
        _BELOW[column, bool(named)], bureau_id=bureau["id"], level=_KINDS[kind], **named
    )
    if not found or len(found) < len(set(new.unit_ids)):
        raise CheckOrderAddresseesUnfit
    return found


_GIVEN = Statement(
    select(func.count(distinct(col(UnitEvaluation.unit_id))))
    .join_from(UnitEvaluation, CheckOrder, col(CheckOrder.id) == col(UnitEvaluation.order_id))
    .where(
        col(UnitEvaluation.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        *(
            col(getattr(CheckOrder, name))
            == bindparam(name, type_=CheckOrder.__table__.c[name].type)  # type: ignore[attr-defined]
            for name in ("unit_id", "list_number", "kind", "school_year")
        ),
    )
)


async def _check_new(
    db: Connection, new: NewCheckOrder, bureau: Row, unit_ids: Sequence[UUID]
) -> None:
    """Refuse the same check a second time; of two who order it at once one waits for the other."""
    await take_turn(db, f"check order {bureau['id']}")
    asked = new.model_dump(include={"list_number", "kind", "school_year"})
    given = await db.value(_GIVEN, unit_ids=list(unit_ids), unit_id=bureau["id"], **asked)
    if given:
        raise CheckOrderGivenAlready(units=given)


# What may be done.


async def issue_check_order(
    db: Connection, actor: Actor, *, new: NewCheckOrder, now: datetime
) -> Row:
    """Order a check: an evaluation of each unit begins, with what the register says of it, as of today."""
    right, today = Permission.GUIDANCE_EVALUATE, civil_date(now)
    bureau = await hold_unit(db, actor, unit_id=new.unit_id, permission=right)
    sheet = await INDICATOR_SHEETS.get(db, actor, new.sheet_id)
    _check(new, today)
    if bureau["level"] == Level.SCHOOL:
        raise CheckOrderAddresseesUnfit
    if sheet["unit_id"] not in {bureau["id"], bureau["city_id"]}:
        raise IndicatorSheetNotFound
    kind = EvaluatedKind(sheet["evaluated"])
    units = await _addressed(db, new, bureau, kind)
    await _check_new(db, new, bureau, [unit["id"] for unit in units])
    order_id = new_id()
    order = {
        "id": order_id,
        **new.model_dump(include=set(CheckOrderFields.model_fields)),
        **place_of(bureau),
        "sheet_id": sheet["id"],
        "as_of": today,
        "issued_at": now,
        "issued_by": actor.account_id,
    }
    await db.insert(CheckOrder, order)
    evaluations = [
        {
            "id": new_id(), "order_id": order_id, "by_unit_id": bureau["id"],
            "city_id": unit["city_id"], "county_id": unit["county_id"],
            "school_id": unit["school_id"], "state": EvaluationState.OPEN,
        }
        for unit in units
    ]  # fmt: skip
    await db.insert_all(UnitEvaluation, evaluations)
    values = await _values(db, sheet["indicators"], units, evaluations, new, kind, today)
    await db.insert_all(EvaluationValue, values)
    return await CHECK_ORDERS.get(db, actor, order_id)


async def _values(
    db: Connection,
    indicators: Sequence[Any],
    units: Sequence[Row],
    evaluations: Sequence[Row],
    new: NewCheckOrder,
    kind: EvaluatedKind,
    today: date,
) -> list[Row]:
    """A line of each indicator for each unit, with what was computed of it."""
    measures = [IndicatorMeasure(each["measure"]) for each in indicators if each["measure"]]
    unit_ids = [unit["id"] for unit in units]
    measured = await measure_units(
        db, measures=measures, unit_ids=unit_ids, place=_PLACES[kind],
        period=(new.since, new.until), as_of=today,
    )  # fmt: skip
    if not tell_of_period(measured):
        raise CheckOrderWithoutData
    by_unit = {(row["unit_id"], row["measure"]): row for row in measured}
    nothing: dict[str, int | Decimal | None] = {
        "numerator": None,
        "denominator": None,
        "value": None,
    }
    lines = []
    for unit_id, evaluation in zip(unit_ids, evaluations, strict=True):
        for ordinal, indicator in enumerate(indicators, start=1):
            counted = by_unit.get((unit_id, indicator["measure"]), nothing)
            lines.append(
                {
                    "evaluation_id": evaluation["id"], "indicator": indicator["code"],
                    "ordinal": ordinal, "numerator": counted["numerator"],
                    "denominator": counted["denominator"], "computed": counted["value"],
                }
            )  # fmt: skip
    return lines
