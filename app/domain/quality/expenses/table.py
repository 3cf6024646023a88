"""What an expense is: the tables, and what both faces show of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, Uuid
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.quality.budgets import YUAN, SpendClass
from app.domain.quality.paid_for import PaidFor, purpose_constraints


class ExpenseState(StrEnum):
    """How far an expense has come (支出状态)."""

    SUBMITTED = "submitted"
    """待审批"""
    APPROVED = "approved"
    """已批准入账"""
    RETURNED = "returned"
    """已退回"""
    REVERSED = "reversed"
    """已冲销"""


class ExpenseFields(BaseModel):
    """What was paid to whom, when, for what."""

    amount: Decimal = Field(
        gt=0, max_digits=14, decimal_places=2, description="金额（元） / amount in yuan",
        sa_type=YUAN,
    )  # fmt: skip
    payee: str = Field(min_length=2, max_length=100, description="收款方 / who is paid")
    summary: str = Field(min_length=2, max_length=200, description="摘要 / for what, in short")
    spent_on: date = Field(description="发生日期 / day on which it was spent")
    voucher: str | None = Field(
        default=None, min_length=1, max_length=60, description="凭证号 / number of the voucher"
    )
    commitment_id: UUID | None = Field(
        default=None, description="所用预留，直接支出时为空 / commitment that it uses up, if any",
        foreign_key="fund_commitment.id", sa_type=Uuid,
    )  # fmt: skip


class Expense(ExpenseFields, PaidFor, Placed, Table, table=True):
    """An expense, handed in once; it is never changed or deleted, but returned or reversed."""

    __table_args__ = (
        *place_constraints(),
        *purpose_constraints(),
        *(Index(None, name, "id") for name in PLACE),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_by"),
        CheckConstraint(
            "num_nonnulls(reversed_by, reversed_at, reversal_reason)"
            " = CASE state WHEN 'reversed' THEN 3 ELSE 0 END",
            name="reversed",
        ),
        Index(None, "line_id", "id"),
        Index(None, "commitment_id"),
    )

    id: UUID = key()
    line_id: UUID = Field(foreign_key="budget_line.id", sa_type=Uuid)
    state: ExpenseState = Field(sa_type=text_enum(ExpenseState))
    submitted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    entered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    """Who wrote it: another than who handed it in where a delegate did."""
    submitted_at: datetime = Field(sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)
    reversed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    reversed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reversal_reason: str | None = Field(default=None, max_length=500)


class ExpenseAttachment(Table, table=True):
    """A file that shows an expense (an invoice, a receipt); a file shows one expense."""

    __table_args__ = (PrimaryKeyConstraint("expense_id", "file_id"), UniqueConstraint("file_id"))

    expense_id: UUID = Field(foreign_key="expense.id", sa_type=Uuid)
    file_id: UUID = Field(foreign_key="file.id", sa_type=Uuid)


class ExpenseView(ExpenseFields, PaidFor):
    """An expense as those see it who hold the funds."""

    id: UUID = Field(description="标识 / key")
    line_id: UUID = Field(description="预算科目 / line of the budget")
    spend_class: SpendClass = Field(description="支出类别 / class of spending")
    earmark: str | None = Field(description="专款名称 / earmark, if the line is one")
    state: ExpenseState = Field(description="状态 / state")
    file_ids: list[UUID] = Field(description="附件（发票等） / files that show it")
    submitted_at: datetime = Field(description="提交时间 / when it was handed in")
    decided_at: datetime | None = Field(description="审批时间 / when it was decided on")
    opinion: str | None = Field(description="审批意见 / opinion")
    reversed_at: datetime | None = Field(description="冲销时间 / when it was reversed")
    reversal_reason: str | None = Field(description="冲销理由 / why it was reversed")
