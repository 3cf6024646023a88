"""What an appropriation is, what is refused of it, and what may be asked."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.quality.budgets import (
    YUAN,
)
from app.sql import Connection, Row


class AppropriationKind(StrEnum):
    """Which way the money goes (拨付类型)."""

    ALLOCATE = "allocate"
    """下拨"""
    HAND_BACK = "hand_back"
    """上缴结余"""
    CARRY_OVER = "carry_over"
    """结转下年"""


class AppropriationState(StrEnum):
    """How far an appropriation has come (拨付状态)."""

    SENT = "sent"
    """已拨付，待确认"""
    ACKNOWLEDGED = "acknowledged"
    """已确认收到"""
    RETURNED = "returned"
    """已退回"""


class AppropriationFields(BaseModel):
    """From which line into which how much goes, and on which ground."""

    from_line_id: UUID = Field(
        description="拨出科目 / line that it leaves", foreign_key="budget_line.id", sa_type=Uuid
    )
    to_line_id: UUID = Field(
        description="拨入科目 / line that it enters", foreign_key="budget_line.id", sa_type=Uuid
    )
    amount: Decimal = Field(
        gt=0, max_digits=14, decimal_places=2, description="金额（元） / amount in yuan",
        sa_type=YUAN,
    )  # fmt: skip
    reason: str = Field(
        min_length=2, max_length=500, description="拨款文号或事由 / document, or reason"
    )


class Appropriation(AppropriationFields, Placed, Table, table=True):
    """An appropriation, in the place of the lower of the two units: so both sides see it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_line_id <> to_line_id", name="lines_differ"),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", name="answered_by"),
        *(Index(None, name, "id") for name in PLACE),
        Index(None, "from_line_id", "id"),
        Index(None, "to_line_id", "id"),
    )

    id: UUID = key()
    kind: AppropriationKind = Field(sa_type=text_enum(AppropriationKind))
    state: AppropriationState = Field(sa_type=text_enum(AppropriationState))
    sent_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    sent_at: datetime = Field(sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=500)


class AppropriationView(AppropriationFields):
    """An appropriation as both sides see it."""

    id: UUID = Field(description="标识 / key")
    kind: AppropriationKind = Field(description="拨付类型 / which way it goes")
    state: AppropriationState = Field(description="状态 / state")
    sent_at: datetime = Field(description="拨付时间 / when it was sent")
    answered_at: datetime | None = Field(description="确认或退回时间 / when it was answered")
    opinion: str | None = Field(description="退回理由 / why it was returned")


class NewAppropriation(AppropriationFields, Command):
    """Money to be sent."""


# What can be refused.


class AppropriationNotFound(NotFound):
    """There is no such appropriation for the one who asks."""

    code = "appropriation_not_found"
    zh = "未找到该笔拨付。"
    en = "There is no such appropriation."


class AppropriationRouteWrong(Invalid):
    """Money goes one level down into a line of the superior's, back up, or into the own next year."""

    code = "appropriation_route_wrong"
    zh = "只能向直属下级当年的“上级拨付”科目下拨、向直接上级上缴结余，或结转至本单位下一年度。"
    en = (
        "Money goes to a unit right below, into a line that its superior provides, in the same year; back"
        " to the superior; or into the unit's own next year."
    )


class CarryOverChangesClass(Invalid):
    """What is left of a year is spent in the next on the class of things that it was planned for."""

    code = "carry_over_changes_class"
    zh = "结转资金的支出类别须与上年科目一致；改变类别请在下一年度办理预算调整。"
    en = "What is carried over stays of its class of spending: an amendment of the next year changes it."


class AppropriationAnswered(Conflict):
    """An appropriation is acknowledged or returned once."""

    code = "appropriation_answered"
    zh = "该笔拨付已确认或退回。"
    en = "The appropriation was acknowledged or returned already."


class AppropriationOfReceiver(Conflict):
    """Who receives the money acknowledges it."""

    code = "appropriation_of_receiver"
    zh = "由收款单位确认或退回。"
    en = "The unit that receives the money acknowledges or returns it."


# What may be asked.

APPROPRIATIONS = Door(
    table=Appropriation,
    view=AppropriationView,
    read=Permission.FUNDS_READ,
    missing=AppropriationNotFound,
    filters={
        name: col(getattr(Appropriation, name))
        for name in ("from_line_id", "to_line_id", "kind", "state")
    },
    sorts={"created": (), "amount": (col(Appropriation.amount),)},
)


async def get_appropriation(db: Connection, actor: Actor, *, appropriation_id: UUID) -> Row:
    """One appropriation that reaches or leaves a unit whose funds the actor may see."""
    return await APPROPRIATIONS.get(db, actor, appropriation_id)


async def list_appropriations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    from_line_id: UUID | None = None,
    to_line_id: UUID | None = None,
    kind: AppropriationKind | None = None,
    state: AppropriationState | None = None,
) -> Page:
    """The appropriations of the units whose funds the actor may see, in the order of sending."""
    filters = {
        "from_line_id": from_line_id, "to_line_id": to_line_id, "kind": kind, "state": state,
    }  # fmt: skip
    return await APPROPRIATIONS.page(db, actor, page, filters=filters)
