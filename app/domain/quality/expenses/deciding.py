"""Deciding on expenses: approved within one's limit, returned, or reversed; and who opens their files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.learning.trainer_hires import TrainerHire
from app.domain.learning.trainers import Trainer
from app.domain.people.cohorts import Cohort
from app.domain.quality.approval_limits import check_limit
from app.domain.quality.budgets import (
    BudgetLine,
    FundAccount,
    FundEntryKind,
    FundsOfOneself,
    FundsOpinion,
    Move,
    hold_lines,
    post_funds,
)
from app.domain.quality.expenses.expense import EXPENSES
from app.domain.quality.expenses.table import Expense, ExpenseState
from app.domain.quality.fund_commitments import FundCommitmentReleased, hold_commitment
from app.domain.quality.incentives import Incentive, IncentiveState
from app.domain.quality.paid_for import IncentiveNotPayable, check_named_funds
from app.domain.training.files import FileLinks, FileNotFound, NewFileLink, link_to
from app.sql import Connection, Row, Statement

# What can be refused.


class ExpenseStateWrong(Conflict):
    """An expense is decided on once, and reversed once."""

    code = "expense_state_wrong"
    zh = "该笔支出当前状态为“{state}”，不能进行此操作。"
    en = "The expense is in the state '{state}': this cannot be done."


# What may be done.

_WHOSE = Statement(
    select(
        col(Expense.submitted_by),
        col(Expense.entered_by),
        func.coalesce(col(Expense.school_id), col(Expense.county_id)).label("unit_id"),
        col(Trainer.teacher_id),
        col(BudgetLine.earmark),
        col(BudgetLine.title),
        # A cohort that names no funds is paid by no earmark.
        func.coalesce(
            col(TrainerHire.funds_line),
            case((col(Cohort.id).is_not(None), func.coalesce(col(Cohort.budget_line), ""))),
        ).label("named"),
        col(Incentive.state).label("reward"),
    )
    .select_from(Expense)
    .join(BudgetLine, col(BudgetLine.id) == col(Expense.line_id))
    .outerjoin(Cohort, col(Cohort.id) == col(Expense.cohort_id))
    .outerjoin(Incentive, col(Incentive.id) == col(Expense.incentive_id))
    .outerjoin(TrainerHire, col(TrainerHire.id) == col(Expense.trainer_hire_id))
    .outerjoin(Trainer, col(Trainer.id) == col(TrainerHire.trainer_id))
    .where(col(Expense.id) == bindparam("expense_id", type_=Uuid))
)


async def _open(
    db: Connection, actor: Actor, expense_id: UUID, state: ExpenseState, *, day: datetime | None
) -> tuple[Row, Row]:
    """An expense in this state on which the actor may decide, and whose it is and what it is for.

    With `day`, within the limit of that day.
    """
    expense = await EXPENSES.get(
        db, actor, expense_id, permission=Permission.FUNDS_APPROVE, lock=True
    )
    if expense["state"] != state:
        raise ExpenseStateWrong(state=str(expense["state"]))
    whose = await db.one(_WHOSE, expense_id=expense_id) or {}
    if not actor.accounts.isdisjoint((whose["submitted_by"], whose["entered_by"])):
        raise FundsOfOneself
    if await is_oneself(db, actor, teacher_ids=[whose["teacher_id"]]):
        raise FundsOfOneself
    if day is not None:
        await check_limit(
            db, actor, unit_id=whose["unit_id"], amount=expense["amount"], day=civil_date(day)
        )
    return expense, whose


def _check_still_paid_so(whose: Row) -> None:
    """Refuse what may no longer be paid out of its line: what it is for may have changed since."""
    check_named_funds(whose, whose["named"])
    if whose["reward"] not in (None, IncentiveState.GIVEN):
        raise IncentiveNotPayable


async def _post(
    db: Connection, actor: Actor, kind: FundEntryKind, expense_id: UUID, move: Move, now: datetime
) -> None:
    await post_funds(
        db, actor, kind=kind, subject="expense_id", subject_id=expense_id, moves=[move], now=now
    )


async def approve_expense(
    db: Connection, actor: Actor, *, expense_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Approve an expense within one's limit: out of what is available, or out of its commitment."""
    expense, whose = await _open(db, actor, expense_id, ExpenseState.SUBMITTED, day=now)
    _check_still_paid_so(whose)
    commitment_id = expense["commitment_id"]
    if commitment_id and not await hold_commitment(db, commitment_id=commitment_id):
        raise FundCommitmentReleased
    said = {
        "state": ExpenseState.APPROVED, "decided_by": actor.account_id, "decided_at": now,
        "opinion": opinion.opinion,
    }  # fmt: skip
    await db.change(Expense, expense_id, said)
    line_id = expense["line_id"]
    paid_by = FundAccount.COMMITTED if commitment_id else FundAccount.AVAILABLE
    move = Move(expense["amount"], line_id, paid_by, line_id, FundAccount.SPENT, commitment_id)
    await _post(db, actor, FundEntryKind.EXPENSE, expense_id, move, now)
    return await EXPENSES.get(db, actor, expense_id)


async def return_expense(
    db: Connection, actor: Actor, *, expense_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Give an expense back, and say why; it is not paid, and may be handed in anew."""
    await _open(db, actor, expense_id, ExpenseState.SUBMITTED, day=None)
    said = {
        "state": ExpenseState.RETURNED, "decided_by": actor.account_id, "decided_at": now,
        "opinion": opinion.opinion,
    }  # fmt: skip
    await db.change(Expense, expense_id, said)
    return await EXPENSES.get(db, actor, expense_id)


async def reverse_expense(
    db: Connection, actor: Actor, *, expense_id: UUID, opinion: FundsOpinion, now: datetime
) -> Row:
    """Take an approved expense back by an entry of its own; both stay in the books.

    What a commitment paid goes back to it, unless that was released meanwhile.
    """
    expense, _ = await _open(db, actor, expense_id, ExpenseState.APPROVED, day=now)
    line_id, commitment_id = expense["line_id"], expense["commitment_id"]
    await hold_lines(db, line_ids=[line_id])
    is_kept = commitment_id and await hold_commitment(db, commitment_id=commitment_id)
    said = {
        "state": ExpenseState.REVERSED, "reversed_by": actor.account_id, "reversed_at": now,
        "reversal_reason": opinion.opinion,
    }  # fmt: skip
    await db.change(Expense, expense_id, said)
    back_to = FundAccount.COMMITTED if is_kept else FundAccount.AVAILABLE
    move = Move(expense["amount"], line_id, FundAccount.SPENT, line_id, back_to, commitment_id)
    await _post(db, actor, FundEntryKind.REVERSAL, expense_id, move, now)
    return await EXPENSES.get(db, actor, expense_id)


async def create_expense_file_link(
    db: Connection,
    actor: Actor,
    *,
    expense_id: UUID,
    file_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to a file of an expense that the actor may see: funds are read by those who hold them."""
    expense = await EXPENSES.get(db, actor, expense_id)
    if file_id not in expense["file_ids"]:
        raise FileNotFound
    return link_to(links, file_id, new, now)
