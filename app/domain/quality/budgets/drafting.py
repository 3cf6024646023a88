"""Drafting budgets: opening one for a year, and writing its lines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.organisation.units import hold_unit
from app.domain.organisation.units import place_of as place_of_unit
from app.domain.quality.budgets.budget import BUDGET_LINES, BUDGETS
from app.domain.quality.budgets.holding import check_budget_state, open_budget
from app.domain.quality.budgets.table import (
    Budget,
    BudgetFields,
    BudgetLine,
    BudgetLineFields,
    BudgetState,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewBudget(BudgetFields, Command):
    """A budget to be drafted."""

    unit_id: UUID


class NewBudgetLine(BudgetLineFields, Command):
    """A line to be added; to an approved budget one without a plan, which gets money by amendment."""


# What can be refused.


class BudgetExists(Conflict):
    """A unit has one budget a year."""

    code = "budget_exists"
    zh = "该单位本年度已编制预算。"
    en = "The unit has a budget of this year."


class BudgetLineExists(Conflict):
    """A title stands once in a budget."""

    code = "budget_line_exists"
    zh = "该预算已有同名科目。"
    en = "The budget has a line of this title."


class BudgetLinePlanned(Conflict):
    """What is added to an approved budget has no plan of its own: an amendment gives it money."""

    code = "budget_line_planned"
    zh = "预算已批复，新增科目的批复数须为零，资金通过预算调整或拨付安排。"
    en = "The budget is approved: a further line has no plan, and gets its money by amendment."


# What may be done.

_WRITABLE = frozenset({BudgetState.DRAFT, BudgetState.RETURNED})


async def draft_budget(db: Connection, actor: Actor, *, new: NewBudget, now: datetime) -> Row:
    """Begin the budget of a unit for a year."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.FUNDS_WRITE)
    row = {
        "id": new_id(), **new.model_dump(exclude={"unit_id"}), **place_of_unit(unit),
        "state": BudgetState.DRAFT, "since": now, "drafted_by": actor.account_id,
    }  # fmt: skip
    try:
        await db.insert(Budget, row)
    except UniqueViolationError:
        raise BudgetExists from None
    return await BUDGETS.get(db, actor, row["id"])


async def add_budget_line(
    db: Connection, actor: Actor, *, budget_id: UUID, new: NewBudgetLine, now: datetime
) -> Row:
    """Add a line to a draft, or one without a plan to an approved budget."""
    budget = await open_budget(db, actor, budget_id=budget_id, permission=Permission.FUNDS_WRITE)
    check_budget_state(budget, _WRITABLE | {BudgetState.APPROVED})
    if budget["state"] == BudgetState.APPROVED and new.planned:
        raise BudgetLinePlanned
    row = {
        "id": new_id(), "budget_id": budget_id, **new.model_dump(),
        "added_by": actor.account_id, "added_at": now,
    }  # fmt: skip
    try:
        await db.insert(BudgetLine, row)
    except UniqueViolationError:
        raise BudgetLineExists from None
    return await BUDGET_LINES.get(db, actor, row["id"])


_DROP = Statement(delete(BudgetLine).where(col(BudgetLine.id) == bindparam("line_id", type_=Uuid)))


async def drop_budget_line(db: Connection, actor: Actor, *, line_id: UUID) -> Row:
    """Take a line out of a draft, and say what it was; one that was handed in stays."""
    line = await BUDGET_LINES.get(db, actor, line_id, permission=Permission.FUNDS_WRITE)
    budget = await open_budget(
        db, actor, budget_id=line["budget_id"], permission=Permission.FUNDS_WRITE
    )
    check_budget_state(budget, _WRITABLE)
    await db.run(_DROP, line_id=line_id)
    return line
