"""Handing in expenses: what they are for, out of which line, shown by which files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.quality.budgets import (
    CommitmentExceeded,
    FundsInsufficient,
    SpendClass,
    open_line,
    place_of,
)
from app.domain.quality.expenses.expense import EXPENSES
from app.domain.quality.expenses.table import (
    Expense,
    ExpenseAttachment,
    ExpenseFields,
    ExpenseState,
)
from app.domain.quality.fund_commitments import (
    FUND_COMMITMENTS,
    FundCommitmentNotFound,
    FundCommitmentReleased,
)
from app.domain.quality.incentives import INCENTIVES
from app.domain.quality.paid_for import PURPOSES, IncentiveNotPayable, NewPaidFor, check_purpose
from app.domain.training.files import FILES, File, FileNotFound
from app.sql import (
    Connection,
    ForeignKeyViolationError,
    Row,
    Statement,
    UniqueViolationError,
    new_id,
)


class NewExpense(ExpenseFields, NewPaidFor):
    """An expense to be handed in."""

    spend_class: SpendClass = Field(
        description="支出类别，须与科目一致 / class of spending: that of the line"
    )
    file_ids: list[UUID] = Field(
        default_factory=list, max_length=20, description="附件（发票等） / files that show it"
    )


# What can be refused.


class SpendClassWrong(Invalid):
    """A line is spent on the class of things that it is for."""

    code = "spend_class_wrong"
    zh = "支出类别与预算科目的类别不一致。"
    en = "The line is not for this class of spending."


class ExpenseOutsideYear(Invalid):
    """An expense is of the budget's year, and has happened."""

    code = "expense_outside_year"
    zh = "发生日期须在预算年度内，且不晚于今日。"
    en = "An expense is of a day of the budget's year, and of none to come."


class ExpenseNotAsCommitted(Invalid):
    """A commitment pays, out of its own line, what it was made for."""

    code = "expense_not_as_committed"
    zh = "支出的科目或用途与所用预留不一致。"
    en = "The expense is not of the line, or not for the purpose, that the commitment was made for."


class ExpenseFileUsed(Conflict):
    """A file shows one expense: no invoice is paid twice, nor by being handed in once more."""

    code = "expense_file_used"
    zh = "该附件已用于另一笔支出。"
    en = "One of the files shows another expense already."


class ExpenseFileElsewhere(Invalid):
    """What shows an expense is a file of the unit that pays: attached, it is opened there alone."""

    code = "expense_file_elsewhere"
    zh = "附件须为本单位的文件，请由本单位上传。"
    en = "One of the files is another unit's: hand in one of the unit that pays."


# What may be done.


async def _check_commitment(db: Connection, actor: Actor, new: NewExpense, line: Row) -> None:
    if new.commitment_id is None:
        if line["available"] < new.amount:
            raise FundsInsufficient
        return
    held = (await FUND_COMMITMENTS.by_id(db, actor, [new.commitment_id]))[new.commitment_id]
    if held is None:
        raise FundCommitmentNotFound
    if held["released_at"] is not None:
        raise FundCommitmentReleased
    if held["line_id"] != line["id"] or any(held[name] != getattr(new, name) for name in PURPOSES):
        raise ExpenseNotAsCommitted
    if held["remaining"] < new.amount:
        raise CommitmentExceeded


_PAID = Statement(
    select(func.coalesce(func.sum(col(Expense.amount)), 0)).where(
        col(Expense.incentive_id) == bindparam("incentive_id", type_=Uuid),
        or_(
            col(Expense.state) == ExpenseState.SUBMITTED,
            col(Expense.state) == ExpenseState.APPROVED,
        ),
    )
)


async def _check_reward(db: Connection, actor: Actor, new: NewExpense) -> None:
    """Refuse to pay more for a reward than was decided; it is locked, so that two do not pay it at once."""
    if new.incentive_id is None:
        return
    reward = await INCENTIVES.get(db, actor, new.incentive_id, lock=True)
    if await db.value(_PAID, incentive_id=new.incentive_id) + new.amount > reward["amount"]:
        raise IncentiveNotPayable


_shown: Any = File.__table__.alias("shown")  # type: ignore[attr-defined]
_given = bindparam("file_ids", type_=ARRAY(Uuid))
_USED = Statement(
    select(col(ExpenseAttachment.file_id))
    .join(Expense, col(Expense.id) == col(ExpenseAttachment.expense_id))
    .join(_shown, _shown.c.id == col(ExpenseAttachment.file_id))
    .where(
        _shown.c.sha256.in_(select(col(File.sha256)).where(col(File.id) == any_(_given))),
        or_(
            _shown.c.id == any_(_given),
            col(Expense.state) == ExpenseState.SUBMITTED,
            col(Expense.state) == ExpenseState.APPROVED,
        ),
        func.coalesce(col(Expense.school_id), col(Expense.county_id))
        == bindparam("unit_id", type_=Uuid),
    )
    .limit(1)
)
"""Of these files one that shows an expense of the unit, or has the content of one that is, or may be, paid."""


async def _attach(
    db: Connection, actor: Actor, expense_id: UUID, file_ids: list[UUID], unit_id: UUID
) -> None:
    """Attach files that the actor opens; one that shows an expense is opened there alone."""
    if await db.value(_USED, file_ids=file_ids, unit_id=unit_id) is not None:
        raise ExpenseFileUsed
    found = await FILES.by_id(db, actor, file_ids)
    if None in found.values():
        raise FileNotFound
    if any(file is not None and file["unit_id"] != unit_id for file in found.values()):
        raise ExpenseFileElsewhere
    rows = [{"expense_id": expense_id, "file_id": file_id} for file_id in found]
    try:
        await db.insert_all(ExpenseAttachment, rows)
    except UniqueViolationError:
        raise ExpenseFileUsed from None
    except ForeignKeyViolationError:  # Forgotten meanwhile, since it was attached to nothing.
        raise FileNotFound from None


async def submit_expense(
    db: Connection, actor: Actor, *, line_id: UUID, new: NewExpense, now: datetime
) -> Row:
    """Hand in what was spent out of a line; the money moves when it is approved."""
    line = await open_line(db, actor, line_id=line_id)
    if new.spend_class != line["spend_class"]:
        raise SpendClassWrong
    if new.spent_on.year != line["year"] or new.spent_on > civil_date(now):
        raise ExpenseOutsideYear
    await check_purpose(db, actor, purpose=new, line=line)
    await _check_commitment(db, actor, new, line)
    await _check_reward(db, actor, new)
    row = {
        "id": new_id(), "line_id": line_id, **new.model_dump(exclude={"spend_class", "file_ids"}),
        **place_of(line), "state": ExpenseState.SUBMITTED,
        "submitted_by": actor.on_behalf_of or actor.account_id, "entered_by": actor.account_id,
        "submitted_at": now,
    }  # fmt: skip
    await db.insert(Expense, row)
    if new.file_ids:
        await _attach(db, actor, row["id"], new.file_ids, line["unit_id"])
    return await EXPENSES.get(db, actor, row["id"])
