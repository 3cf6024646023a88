"""The journal (分录账): every movement of money as an entry whose postings come to nothing in sum.

The database keeps it: entries and postings are only ever added, the sum of each entry is checked when its
transaction commits, and a trigger keeps each line's balances and lets none of them fall below nothing. So
of two who want the last yuan one is refused, whatever was read before.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import Conflict
from app.domain.quality.budgets.table import YUAN
from app.sql import CheckViolationError, Connection, Row, new_id


class FundEntryKind(StrEnum):
    """What moved the money (分录类型)."""

    BUDGET = "budget"
    """预算批复"""
    AMENDMENT = "amendment"
    """预算调整"""
    APPROPRIATION = "appropriation"
    """拨付"""
    RECEIPT = "receipt"
    """收到拨款"""
    RETURN = "return"
    """退回拨款"""
    COMMITMENT = "commitment"
    """预留"""
    RELEASE = "release"
    """撤销预留"""
    EXPENSE = "expense"
    """支出"""
    REVERSAL = "reversal"
    """冲销"""


class FundAccount(StrEnum):
    """Where the money of a line is (资金状态)."""

    SOURCE = "source"
    """来源：预算安排与调整的对方"""
    AVAILABLE = "available"
    """可用"""
    COMMITTED = "committed"
    """预留"""
    SPENT = "spent"
    """已支出"""
    TRANSIT = "transit"
    """在途"""


SUBJECTS = ("budget_id", "amendment_id", "appropriation_id", "commitment_id", "expense_id")
"""What an entry is about: exactly one of these."""


class FundEntry(Table, table=True):
    """One movement of money, about one thing; of a kind there is one about each thing."""

    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(SUBJECTS)}) = 1", name="is_about_one_thing"),
        *(UniqueConstraint(name, "kind") for name in SUBJECTS),
    )

    id: UUID = key()
    kind: FundEntryKind = Field(sa_type=text_enum(FundEntryKind))
    budget_id: UUID | None = Field(default=None, foreign_key="budget.id", sa_type=Uuid)
    amendment_id: UUID | None = Field(default=None, foreign_key="budget_amendment.id", sa_type=Uuid)
    appropriation_id: UUID | None = Field(
        default=None, foreign_key="appropriation.id", sa_type=Uuid
    )
    commitment_id: UUID | None = Field(default=None, foreign_key="fund_commitment.id", sa_type=Uuid)
    expense_id: UUID | None = Field(default=None, foreign_key="expense.id", sa_type=Uuid)
    posted_at: datetime = Field(sa_type=MOMENT)
    posted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class FundPosting(Table, table=True):
    """What an entry does to one line: more or less in one state, and of which commitment."""

    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint(
            "commitment_id IS NULL OR account = 'committed'", name="commitment_of_committed"
        ),
        Index(None, "entry_id"),
        Index(None, "line_id", "id"),
        Index(None, "commitment_id"),
    )

    id: UUID = key()
    entry_id: UUID = Field(foreign_key="fund_entry.id", sa_type=Uuid)
    line_id: UUID = Field(foreign_key="budget_line.id", sa_type=Uuid)
    account: FundAccount = Field(sa_type=text_enum(FundAccount))
    amount: Decimal = Field(sa_type=YUAN)
    commitment_id: UUID | None = Field(default=None, foreign_key="fund_commitment.id", sa_type=Uuid)


class Move(NamedTuple):
    """Money that goes from one line and state into another, and the commitment it leaves or enters."""

    amount: Decimal
    from_line: UUID
    from_account: FundAccount
    to_line: UUID
    to_account: FundAccount
    commitment_id: UUID | None = None


# What can be refused.


class FundsInsufficient(Conflict):
    """What is to be spent, committed or sent is more than there is."""

    code = "funds_insufficient"
    zh = "该科目可用资金不足。"
    en = "The line has not as much money as that."


class CommitmentExceeded(Conflict):
    """More is to be paid out of a commitment than is left of it."""

    code = "commitment_exceeded"
    zh = "超出该笔预留的余额。"
    en = "That is more than is left of the commitment."


class BudgetNotOpen(Conflict):
    """Money moves while a budget is approved, and neither before nor after closing."""

    code = "budget_not_open"
    zh = "该预算未批复或已关账，不能发生资金往来。"
    en = "The budget is not approved yet, or closed: no money moves."


_REFUSALS: dict[str, type[Conflict]] = {
    "budget_is_open": BudgetNotOpen,
    "commitment_holds": CommitmentExceeded,
    **{
        f"ck_fund_balance_{name}": FundsInsufficient
        for name in ("available", "committed", "spent", "transit")
    },
}


# What may be done.


def _postings(entry_id: UUID, moves: Sequence[Move]) -> list[Row]:
    rows: list[Row] = []
    for move in moves:
        sides = (
            (move.from_line, move.from_account, -move.amount),
            (move.to_line, move.to_account, move.amount),
        )
        for line_id, account, amount in sides:
            is_committed = account is FundAccount.COMMITTED
            rows.append(
                {
                    "id": new_id(), "entry_id": entry_id, "line_id": line_id, "account": account,
                    "amount": amount,
                    "commitment_id": move.commitment_id if is_committed else None,
                }
            )  # fmt: skip
    return rows


async def post_funds(
    db: Connection,
    actor: Actor,
    *,
    kind: FundEntryKind,
    subject: str,
    subject_id: UUID,
    moves: Sequence[Move],
    now: datetime,
) -> None:
    """Write one entry about one thing (`subject` is one of `SUBJECTS`); nothing where nothing moves.

    Refused where a budget is not open, or where a line or a commitment has not as much.
    """
    moves = [move for move in moves if move.amount != 0]
    if not moves:
        return
    entry_id = new_id()
    entry = {
        "id": entry_id, "kind": kind, subject: subject_id, "posted_at": now,
        "posted_by": actor.account_id,
    }  # fmt: skip
    await db.insert(FundEntry, entry)
    try:
        await db.insert_all(FundPosting, _postings(entry_id, moves))
    except CheckViolationError as refused:
        reason = _REFUSALS.get(refused.constraint_name or "")
        if reason is None:
            raise
        raise reason from None
