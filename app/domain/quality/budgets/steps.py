"""The steps of a budget: handed in, approved or returned, closed at the end, reopened with a reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, literal_column, or_, select, table
from sqlalchemy import column as bare
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.quality.budgets.budget import BUDGETS
from app.domain.quality.budgets.holding import check_budget_state, check_decides, open_budget
from app.domain.quality.budgets.journal import FundAccount, FundEntryKind, Move, post_funds
from app.domain.quality.budgets.table import (
    Budget,
    BudgetLine,
    BudgetReview,
    BudgetState,
    BudgetStep,
    FundBalance,
    FundSource,
)
from app.sql import Connection, Row, Statement, new_id


class FundsOpinion(Command):
    """What is said to a decision, or the reason of it."""

    opinion: str = Field(
        min_length=2, max_length=500, description="意见或理由 / opinion, or reason"
    )


# What can be refused.


class BudgetEmpty(Conflict):
    """A budget without a line is no plan."""

    code = "budget_empty"
    zh = "预算没有任何科目，不能报送。"
    en = "The budget has no line."


class BudgetPending(Conflict):
    """Something of the year is not decided or acknowledged yet."""

    code = "budget_pending"
    zh = "尚有待审批的支出、调整或待确认的拨款，不能关账。"
    en = "Expenses, amendments or appropriations wait for a decision: the year is not closed."


class BudgetLeftOver(Conflict):
    """What is left of the year is carried over, handed back or cut before it is closed."""

    code = "budget_left_over"
    zh = "尚有结余、预留或在途资金，须先结转、上缴或核减，再关账。"
    en = "Money is left, committed or in transit: carry it over, hand it back or cut it first."


# What may be done.

_LINES = Statement(
    select(*(col(getattr(BudgetLine, name)) for name in ("id", "planned", "source")))
    .where(col(BudgetLine.budget_id) == bindparam("budget_id", type_=Uuid))
    .order_by(col(BudgetLine.id))
)


async def _take(
    db: Connection,
    actor: Actor,
    budget_id: UUID,
    step: BudgetStep,
    state: BudgetState,
    opinion: str | None,
    now: datetime,
) -> Row:
    submitted = {"submitted_by": actor.on_behalf_of or actor.account_id}
    handed_in = submitted if step is BudgetStep.SUBMIT else {}
    await db.change(Budget, budget_id, {"state": state, "since": now, **handed_in})
    taken = {
        "id": new_id(), "budget_id": budget_id, "step": step, "opinion": opinion,
        "taken_at": now, "taken_by": actor.account_id,
    }  # fmt: skip
    await db.insert(BudgetReview, taken)
    return await BUDGETS.get(db, actor, budget_id)


async def submit_budget(db: Connection, actor: Actor, *, budget_id: UUID, now: datetime) -> Row:
    """Hand a budget in; from then on its lines stay as they are, unless it is returned."""
    budget = await open_budget(db, actor, budget_id=budget_id, permission=Permission.FUNDS_WRITE)
    check_budget_state(budget, {BudgetState.DRAFT, BudgetState.RETURNED})
    if not await db.all(_LINES, budget_id=budget_id):
        raise BudgetEmpty
    return await _take(db, actor, budget_id, BudgetStep.SUBMIT, BudgetState.SUBMITTED, None, now)


async def return_budget(
    db: Connection, actor: Actor, *, budget_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Give a budget back to be written on, and say why."""
    await _open_to_decide(db, actor, budget_id, BudgetState.SUBMITTED)
    return await _take(
        db, actor, budget_id, BudgetStep.RETURN, BudgetState.RETURNED, opinion.opinion, now
    )


async def approve_budget(
    db: Connection, actor: Actor, *, budget_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Approve a budget: what the unit provides itself is there to be spent.

    What the superior is to provide stays a promise until it is appropriated.
    """
    await _open_to_decide(db, actor, budget_id, BudgetState.SUBMITTED)
    lines = await db.all(_LINES, budget_id=budget_id)
    row = await _take(
        db, actor, budget_id, BudgetStep.APPROVE, BudgetState.APPROVED, opinion.opinion, now
    )
    moves = [
        Move(line["planned"], line["id"], FundAccount.SOURCE, line["id"], FundAccount.AVAILABLE)
        for line in lines
        if line["source"] == FundSource.OWN
    ]
    await post_funds(
        db, actor, kind=FundEntryKind.BUDGET, subject="budget_id", subject_id=budget_id,
        moves=moves, now=now,
    )  # fmt: skip
    return row


async def _open_to_decide(
    db: Connection, actor: Actor, budget_id: UUID, state: BudgetState
) -> None:
    budget = await open_budget(db, actor, budget_id=budget_id, permission=Permission.FUNDS_APPROVE)
    check_budget_state(budget, {state})
    await check_decides(db, actor, budget_id=budget_id)


_OF_BUDGET = select(col(BudgetLine.id)).where(
    col(BudgetLine.budget_id) == bindparam("budget_id", type_=Uuid)
)


def _waits(name: str, state: str, *lines: str) -> object:
    """Whether a row of one of the nouns above, about a line of the budget, waits in this state."""
    rows = table(name, bare("state"), *(bare(line, Uuid()) for line in lines))
    about = or_(*(rows.c[line].in_(_OF_BUDGET) for line in lines))
    return exists(select(literal_column("1")).select_from(rows).where(rows.c.state == state, about))


_REMAINS = Statement(
    select(
        or_(
            _waits("expense", "submitted", "line_id"),  # type: ignore[arg-type]
            _waits("budget_amendment", "submitted", "from_line_id", "to_line_id"),  # type: ignore[arg-type]
            _waits("appropriation", "sent", "from_line_id", "to_line_id"),  # type: ignore[arg-type]
        ).label("pending"),
        select(
            func.coalesce(
                func.sum(
                    col(FundBalance.available)
                    + col(FundBalance.committed)
                    + col(FundBalance.transit)
                ),
                0,
            )
        )
        .where(col(FundBalance.line_id).in_(_OF_BUDGET))
        .scalar_subquery()
        .label("left"),
    )
)


async def close_budget(db: Connection, actor: Actor, *, budget_id: UUID, now: datetime) -> Row:
    """Close the books of a year: nothing waits, and nothing is left that was not carried or returned."""
    budget = await open_budget(db, actor, budget_id=budget_id, permission=Permission.FUNDS_WRITE)
    check_budget_state(budget, {BudgetState.APPROVED})
    remains = await db.one(_REMAINS, budget_id=budget_id) or {}
    if remains["pending"]:
        raise BudgetPending
    if remains["left"]:
        raise BudgetLeftOver
    return await _take(db, actor, budget_id, BudgetStep.CLOSE, BudgetState.CLOSED, None, now)


async def reopen_budget(
    db: Connection, actor: Actor, *, budget_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Open the books of a closed year again, by the superior, for a reason that stays to be read."""
    await _open_to_decide(db, actor, budget_id, BudgetState.CLOSED)
    return await _take(
        db, actor, budget_id, BudgetStep.REOPEN, BudgetState.APPROVED, opinion.opinion, now
    )
