"""Of each bureau a sheet and an order; of each unit below one an evaluation and a rectification."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.indicator_sheets import IndicatorSheet
from app.domain.quality.rectifications import Rectification
from app.domain.quality.unit_evaluations import EvaluationValue, Evaluator, UnitEvaluation
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City
from tests.make_evaluations import INDICATORS, ORDER


async def add_order(db: Connection, bureau: Row, by: UUID, evaluated: str) -> tuple[UUID, UUID]:
    """A sheet of a bureau, and an order to check by it."""
    place = place_of(bureau)
    lines: list[dict[str, Any]] = [
        {"measure": None, "evidence": [], "article": None} | each for each in INDICATORS
    ]
    sheet = await add_row(
        db, IndicatorSheet, **place, code=evaluated, name="评估指标", evaluated=evaluated,
        source="第二十六条", assumed=True, total=100, indicators=lines, version=1,
        published_at=NOW, published_by=by,
    )  # fmt: skip
    days = {name: date.fromisoformat(ORDER[name]) for name in ("since", "until", "due_on")}
    order = await add_row(
        db, CheckOrder, **place, **ORDER | days, appeal_days=15, sheet_id=sheet,
        as_of=days["until"], issued_at=NOW, issued_by=by,
    )  # fmt: skip
    return sheet, order


async def add_evaluation(
    db: Connection, unit: Row, bureau: Row, order: UUID, by: UUID
) -> tuple[UUID, UUID, UUID]:
    """An evaluation that waits for the unit, with its lines, a problem found before, and who evaluates it."""
    evaluation = await add_row(
        db, UnitEvaluation, **place_of(unit), order_id=order, by_unit_id=bureau["id"], state="open"
    )
    for ordinal, each in enumerate(INDICATORS, start=1):
        line = {"evaluation_id": evaluation, "indicator": each["code"], "ordinal": ordinal}
        await db.insert(EvaluationValue, line)
    problem = await add_row(
        db, Rectification, **place_of(unit), evaluation_id=evaluation, by_unit_id=bureau["id"],
        problem="次数较少", measure="每月两次", due_on=date(2026, 12, 31), state="asked",
        asked_at=NOW, asked_by=by,
    )  # fmt: skip
    evaluator = await add_row(
        db, Evaluator, evaluation_id=evaluation, account_id=by, appointed_at=NOW, appointed_by=by
    )
    return evaluation, problem, evaluator


async def add_things(db: Connection, world: World, city: City) -> None:
    """Schools are evaluated by their county, counties by the city, and the city by nobody."""
    by = city.city_admin.actor.account_id
    orders: dict[UUID, UUID] = {}
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit = units[-1]
        if unit["school_id"] is None:
            evaluated = "county" if len(units) == 1 else "school"
            sheet, orders[unit["id"]] = await add_order(db, unit, by, evaluated)
            things["indicator_sheet"] = Thing(sheet, path, audience=unit["id"])
            things["check_order"] = Thing(orders[unit["id"]], path, audience=unit["id"])
        if len(units) == 1:
            continue
        bureau = units[-2]
        if bureau["id"] not in orders:
            _, orders[bureau["id"]] = await add_order(db, bureau, by, "school")
        evaluation, problem, evaluator = await add_evaluation(
            db, unit, bureau, orders[bureau["id"]], by
        )
        things["unit_evaluation"] = Thing(evaluation, path)
        things["rectification"] = Thing(problem, path)
        things["evaluator"] = Thing(evaluator, path)
