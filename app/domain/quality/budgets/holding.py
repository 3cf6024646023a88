"""Holding the budgets that money moves in, and who decides on what a unit plans."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.quality.budgets.budget import (
    BUDGET_LINES,
    BUDGETS,
    BudgetLineNotFound,
    DecidedBySuperior,
    FundsOfOneself,
)
from app.domain.quality.budgets.journal import BudgetNotOpen
from app.domain.quality.budgets.table import (
    Budget,
    BudgetLine,
    BudgetReview,
    BudgetState,
    BudgetStep,
)
from app.domain.training.reviewed import place_of_superior
from app.sql import Connection, Row, Statement


class BudgetStateWrong(Conflict):
    """The budget is in a state in which this cannot be done."""

    code = "budget_state_wrong"
    zh = "预算当前状态为“{state}”，不能进行此操作。"
    en = "The budget is in the state '{state}': this cannot be done."


def check_budget_state(budget: Row, allowed: Collection[BudgetState]) -> None:
    """Refuse what cannot be done with a budget in its state."""
    if budget["state"] not in allowed:
        raise BudgetStateWrong(state=str(budget["state"]))


_HOLD = Statement(
    select(
        col(BudgetLine.id).label("line_id"),
        col(BudgetLine.budget_id),
        *(
            col(getattr(BudgetLine, name))
            for name in ("source", "earmark", "is_priority", "spend_class")
        ),
        *(col(getattr(Budget, name)) for name in ("unit_id", "year", "state", *PLACE)),
    )
    .join_from(BudgetLine, Budget, col(BudgetLine.budget_id) == col(Budget.id))
    .where(col(BudgetLine.id) == any_(bindparam("line_ids", type_=ARRAY(Uuid))))
    .order_by(col(Budget.id))
    .with_for_update(read=True, of=Budget)
)


async def hold_lines(db: Connection, *, line_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """These lines with their budgets, which are not closed until the transaction ends; all are open."""
    rows = {row["line_id"]: row for row in await db.all(_HOLD, line_ids=list(line_ids))}
    if len(rows) < len(set(line_ids)):
        raise BudgetLineNotFound
    if any(row["state"] != BudgetState.APPROVED for row in rows.values()):
        raise BudgetNotOpen
    return rows


async def open_line(db: Connection, actor: Actor, *, line_id: UUID) -> Row:
    """A line of an open budget over which the actor writes the books: the view, and its budget's place."""
    line = await BUDGET_LINES.get(db, actor, line_id, permission=Permission.FUNDS_WRITE)
    return line | (await hold_lines(db, line_ids=[line_id]))[line_id]


_LAST_HANDED_IN = (
    select(col(BudgetReview.taken_by))
    .where(
        col(BudgetReview.budget_id) == col(Budget.id),
        col(BudgetReview.step) == BudgetStep.SUBMIT,
    )
    .order_by(col(BudgetReview.id).desc())
    .limit(1)
    .scalar_subquery()
)
_WHOSE = Statement(
    select(
        *(col(getattr(Budget, name)) for name in (*PLACE, "submitted_by")),
        _LAST_HANDED_IN.label("taken_by"),
    ).where(col(Budget.id) == bindparam("budget_id", type_=Uuid))
)


def place_of(row: Row) -> Row:
    """The place columns of a row."""
    return {name: row[name] for name in PLACE}


async def check_decides(
    db: Connection, actor: Actor, *, budget_id: UUID, by: Collection[UUID] = ()
) -> None:
    """Refuse who is not the superior of a budget's unit, or handed in (`by`) what is decided on.

    The city has no superior here: another person of the city decides. Without `by`, who handed in the
    budget itself. Where a delegate did, that is both: who acted, and for whom.
    """
    budget = await db.one(_WHOSE, budget_id=budget_id) or {}
    place = place_of_superior(budget, parts=()) or place_of(budget)
    if not actor.scope(Permission.FUNDS_APPROVE).covers(place):
        raise DecidedBySuperior
    if not actor.accounts.isdisjoint(by or (budget["submitted_by"], budget["taken_by"])):
        raise FundsOfOneself


async def open_budget(
    db: Connection, actor: Actor, *, budget_id: UUID, permission: Permission
) -> Row:
    """A budget over which the actor holds the permission, held until the transaction ends."""
    return await BUDGETS.get(db, actor, budget_id, permission=permission, lock=True)
