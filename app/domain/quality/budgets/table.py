"""What a budget and its lines are: the tables, and what both faces show of them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    Uuid,
    literal_column,
)
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum

YUAN = Numeric(14, 2)
"""An amount of money in yuan, to the fen."""
NOTHING: ColumnElement[Decimal] = literal_column("0.00", YUAN)
"""What a sum over nothing comes to."""


class BudgetState(StrEnum):
    """How far a budget has come (预算状态)."""

    DRAFT = "draft"
    """编制中"""
    SUBMITTED = "submitted"
    """已报送"""
    RETURNED = "returned"
    """已退回"""
    APPROVED = "approved"
    """已批复，执行中"""
    CLOSED = "closed"
    """已决算关账"""


class BudgetStep(StrEnum):
    """What was done with a budget (预算环节)."""

    SUBMIT = "submit"
    """报送"""
    APPROVE = "approve"
    """批复"""
    RETURN = "return"
    """退回"""
    CLOSE = "close"
    """关账"""
    REOPEN = "reopen"
    """重新开账"""


class SpendClass(StrEnum):
    """For what kind of thing money is spent (支出类别; S1 2(2), S2, S3)."""

    VISITS = "visits"
    """考察"""
    TRAINING = "training"
    """培训"""
    REWARDS = "rewards"
    """奖励"""
    PUBLICATIONS = "publications"
    """出版"""
    EQUIPMENT = "equipment"
    """设备"""


class FundSource(StrEnum):
    """Who provides the money of a line (资金来源)."""

    OWN = "own"
    """本级安排"""
    SUPERIOR = "superior"
    """上级拨付"""


class BudgetFields(BaseModel):
    """For which year a unit plans its money, and what it says to that."""

    year: int = Field(ge=1990, le=2100, description="预算年度 / calendar year")
    remark: str | None = Field(
        default=None, min_length=2, max_length=2000, description="编制说明 / explanation"
    )


class Budget(BudgetFields, Placed, Table, table=True):
    """The money that one unit has for training in one calendar year."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "year"),
        CheckConstraint(
            "state IN ('draft', 'returned') OR submitted_by IS NOT NULL", name="submitted_by"
        ),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: BudgetState = Field(sa_type=text_enum(BudgetState))
    since: datetime = Field(sa_type=MOMENT)
    drafted_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class BudgetReview(Table, table=True):
    """One step of a budget: who did what, when, with which opinion or for which reason."""

    __table_args__ = (Index(None, "budget_id", "id"),)

    id: UUID = key()
    budget_id: UUID = Field(foreign_key="budget.id", sa_type=Uuid)
    step: BudgetStep = Field(sa_type=text_enum(BudgetStep))
    opinion: str | None = Field(default=None, max_length=2000)
    taken_at: datetime = Field(sa_type=MOMENT)
    taken_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class BudgetLineFields(BaseModel):
    """For what a part of a budget is meant, and how much it is."""

    title: str = Field(min_length=2, max_length=200, description="科目名称 / title of the line")
    spend_class: SpendClass = Field(
        description="支出类别 / class of spending", sa_type=text_enum(SpendClass)
    )
    source: FundSource = Field(
        default=FundSource.OWN,
        description="资金来源 / who provides the money",
        sa_type=text_enum(FundSource),
    )
    earmark: str | None = Field(
        default=None,
        min_length=2,
        max_length=100,
        description="专款名称，非专款时为空 / name of the earmark; null where it is none",
    )
    is_priority: bool = Field(
        default=False, description="是否重点支持项目 / whether it is a priority item"
    )
    basis: str | None = Field(
        default=None, min_length=2, max_length=200, description="文件依据 / document it rests on"
    )
    planned: Decimal = Field(
        ge=0, max_digits=14, decimal_places=2, description="批复数（元） / planned, in yuan",
        sa_type=YUAN,
    )  # fmt: skip


class BudgetLine(BudgetLineFields, Table, table=True):
    """A line of a budget, written once: what changes it are amendments, what moves its money is posted."""

    __table_args__ = (
        UniqueConstraint("budget_id", "title"),
        UniqueConstraint("id", "budget_id"),
        CheckConstraint("planned >= 0", name="planned"),
    )

    id: UUID = key()
    budget_id: UUID = Field(foreign_key="budget.id", sa_type=Uuid)
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)


class FundBalance(Table, table=True):
    """What the postings of a line come to, kept by a trigger and never below nothing."""

    __table_args__ = tuple(
        CheckConstraint(f"{name} >= 0", name=name)
        for name in ("available", "committed", "spent", "transit")
    )

    line_id: UUID = Field(
        primary_key=True, sa_type=Uuid,
        sa_column_args=(ForeignKey("budget_line.id", ondelete="CASCADE"),),
    )  # fmt: skip
    available: Decimal = Field(sa_type=YUAN)
    committed: Decimal = Field(sa_type=YUAN)
    spent: Decimal = Field(sa_type=YUAN)
    transit: Decimal = Field(sa_type=YUAN)


class BudgetView(BudgetFields):
    """A budget as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")
    state: BudgetState = Field(description="状态 / state")
    since: datetime = Field(description="进入该状态的时间 / when it came into this state")


class BudgetReviewView(BaseModel):
    """A step of a budget as both faces show it."""

    id: UUID = Field(description="标识 / key")
    budget_id: UUID = Field(description="预算 / budget")
    step: BudgetStep = Field(description="环节 / what was done")
    opinion: str | None = Field(description="意见或理由 / opinion, or reason")
    taken_at: datetime = Field(description="时间 / when")
    by: str = Field(description="经办人 / who did it")


class BudgetLineView(BudgetLineFields):
    """A line with what was amended and where its money is; amounts are yuan."""

    id: UUID = Field(description="标识 / key")
    budget_id: UUID = Field(description="预算 / budget")
    amended: Decimal = Field(description="调整数，净额 / amended since, in sum")
    available: Decimal = Field(description="可用数 / available")
    committed: Decimal = Field(description="预留数 / committed")
    spent: Decimal = Field(description="已支出数 / spent")
    transit: Decimal = Field(description="在途数，待确认收到 / sent here and not acknowledged")
