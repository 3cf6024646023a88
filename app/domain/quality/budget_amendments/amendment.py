"""What an amendment of a budget is, what is refused of it, and what may be asked."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import (
    BUDGET_PLACES,
    YUAN,
    Budget,
)
from app.sql import Connection, Row


class AmendmentState(StrEnum):
    """How far an amendment has come (调整状态)."""

    SUBMITTED = "submitted"
    """待审批"""
    APPROVED = "approved"
    """已批准"""
    REJECTED = "rejected"
    """未批准"""


class BudgetAmendmentFields(BaseModel):
    """From which line into which how much goes, from when, and why."""

    from_line_id: UUID | None = Field(
        default=None, description="调出科目，追加时为空 / line that loses; null: new money",
        sa_type=Uuid,
    )  # fmt: skip
    to_line_id: UUID | None = Field(
        default=None, description="调入科目，核减时为空 / line that gains; null: a cut",
        sa_type=Uuid,
    )  # fmt: skip
    amount: Decimal = Field(
        gt=0, max_digits=14, decimal_places=2, description="金额（元） / amount in yuan",
        sa_type=YUAN,
    )  # fmt: skip
    effective_on: date = Field(description="生效日期 / day from which it holds")
    reason: str = Field(min_length=2, max_length=500, description="调整理由 / reason")


class BudgetAmendment(BudgetAmendmentFields, Table, table=True):
    """An amendment, proposed once and decided once."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["from_line_id", "budget_id"], ["budget_line.id", "budget_line.budget_id"]
        ),
        ForeignKeyConstraint(
            ["to_line_id", "budget_id"], ["budget_line.id", "budget_line.budget_id"]
        ),
        CheckConstraint("num_nonnulls(from_line_id, to_line_id) >= 1", name="names_a_line"),
        CheckConstraint("from_line_id <> to_line_id", name="lines_differ"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_by"),
        Index(None, "budget_id", "id"),
        Index(None, "from_line_id"),
        Index(None, "to_line_id"),
    )

    id: UUID = key()
    budget_id: UUID = Field(foreign_key="budget.id", sa_type=Uuid)
    state: AmendmentState = Field(sa_type=text_enum(AmendmentState))
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    entered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    """Who wrote it: another than who proposed it where a delegate did."""
    proposed_at: datetime = Field(sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)


class BudgetAmendmentView(BudgetAmendmentFields):
    """An amendment as both faces show it."""

    id: UUID = Field(description="标识 / key")
    budget_id: UUID = Field(description="预算 / budget")
    state: AmendmentState = Field(description="状态 / state")
    proposed_at: datetime = Field(description="提出时间 / when it was proposed")
    decided_at: datetime | None = Field(description="审批时间 / when it was decided on")
    opinion: str | None = Field(description="审批意见 / opinion")


class NewBudgetAmendment(BudgetAmendmentFields, Command):
    """An amendment to be proposed."""

    @model_validator(mode="after")
    def _between_lines(self) -> Self:
        if self.from_line_id == self.to_line_id:
            raise Unfit(
                "调出科目与调入科目须至少填写一个，且不能相同。",
                "Name the line that loses or the one that gains; they are not the same.",
            )
        return self


# What can be refused.


class BudgetAmendmentNotFound(NotFound):
    """There is no such amendment for the one who asks."""

    code = "budget_amendment_not_found"
    zh = "未找到该预算调整。"
    en = "There is no such amendment of a budget."


class AmendmentOutsideYear(Invalid):
    """An amendment holds from a day of the budget's year."""

    code = "amendment_outside_year"
    zh = "调整的生效日期须在预算年度内。"
    en = "An amendment holds from a day of the budget's year."


class AmendmentMixesSources(Invalid):
    """What the superior provides and what the unit provides are not exchanged."""

    code = "amendment_mixes_sources"
    zh = "本级安排与上级拨付的科目之间不能调剂。"
    en = "Money of one's own and money of the superior are not exchanged."


class PriorityWeakened(Invalid):
    """Money of a priority item goes to a priority item."""

    code = "priority_weakened"
    zh = "重点支持项目的资金不能调入非重点项目。"
    en = "Money of a priority item goes to no other than a priority item."


class AmendmentBeyondPlan(Conflict):
    """No more is taken from a line than it comes to."""

    code = "amendment_beyond_plan"
    zh = "调出金额超过该科目的现行批复数。"
    en = "More is to be taken from the line than it comes to."


class AmendmentDecided(Conflict):
    """An amendment is decided once."""

    code = "amendment_decided"
    zh = "该预算调整已审批。"
    en = "The amendment was decided on already."


class AmendmentTooEarly(Conflict):
    """An amendment is approved on the day from which it holds, or later."""

    code = "amendment_too_early"
    zh = "该调整尚未到生效日期。"
    en = "The amendment does not hold yet: approve it on its day, or later."


# What may be asked.

_AMENDMENTS = BudgetAmendment.__table__  # type: ignore[attr-defined]

BUDGET_AMENDMENTS = Door(
    table=BudgetAmendment,
    view=BudgetAmendmentView,
    read=Permission.FUNDS_READ,
    missing=BudgetAmendmentNotFound,
    places=BUDGET_PLACES,
    joined=_AMENDMENTS.join(Budget, _AMENDMENTS.c.budget_id == col(Budget.id)),
    filters={name: _AMENDMENTS.c[name] for name in ("budget_id", "state")},
    sorts={"created": (), "effective_on": (_AMENDMENTS.c.effective_on,)},
)


async def get_budget_amendment(db: Connection, actor: Actor, *, amendment_id: UUID) -> Row:
    """One amendment of a budget that the actor may see."""
    return await BUDGET_AMENDMENTS.get(db, actor, amendment_id)


async def list_budget_amendments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    budget_id: UUID | None = None,
    state: AmendmentState | None = None,
) -> Page:
    """The amendments of the budgets that the actor may see."""
    filters = {"budget_id": budget_id, "state": state}
    return await BUDGET_AMENDMENTS.page(db, actor, page, filters=filters)
