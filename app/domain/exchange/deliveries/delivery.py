"""A delivery (消息送达记录): who is to be told what by which channel, and how far that has come."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    bindparam,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, columns_of, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.exchange.deliveries.channel import ChannelKind
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement

MOST_SHOWN = 100
"""How many of one's own are shown, the latest first."""


class DeliveryKind(StrEnum):
    """Of what somebody is told (消息类别)."""

    NOTICE = "notice"
    """新通知"""
    DUE = "due"
    """待办即将到期"""
    LATE = "late"
    """下级待办逾期"""
    REMINDER = "reminder"
    """上级催办"""


class DeliveryState(StrEnum):
    """How far it has come (送达状态)."""

    QUEUED = "queued"
    """待发送"""
    FAILED = "failed"
    """发送失败，将重试"""
    SENT = "sent"
    """已发送"""
    GIVEN_UP = "given_up"
    """已放弃"""


class DeliveryFields(BaseModel):
    """Of what, by which channel, and how it stands."""

    account_id: UUID = Field(
        description="收件账号 / account that is told", sa_type=Uuid, foreign_key="account.id"
    )
    kind: DeliveryKind = Field(description="消息类别 / of what", sa_type=text_enum(DeliveryKind))
    subject_id: UUID = Field(description="所涉事项 / key of what it is about", sa_type=Uuid)
    channel: ChannelKind = Field(
        description="消息渠道 / by which channel", sa_type=text_enum(ChannelKind)
    )
    state: DeliveryState = Field(description="送达状态 / state", sa_type=text_enum(DeliveryState))
    attempts: int = Field(description="已尝试次数 / attempts so far")
    next_at: datetime | None = Field(
        description="下次尝试时间 / when it is tried next", sa_type=MOMENT
    )
    sent_at: datetime | None = Field(
        description="发送时间 / when the channel took it", sa_type=MOMENT
    )
    queued_at: datetime = Field(description="产生时间 / since when", sa_type=MOMENT)


class Delivery(DeliveryFields, Table, table=True):
    """One message to one account. `occasion` tells two about the same apart; each is there once."""

    __table_args__ = (
        UniqueConstraint("account_id", "kind", "subject_id", "occasion"),
        CheckConstraint("(state IN ('queued', 'failed')) = (next_at IS NOT NULL)", name="waits"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index(None, "account_id", "queued_at"),
        Index(None, "queued_at"),
    )

    id: UUID = key()
    occasion: str = Field(max_length=60)


class DeliveryView(DeliveryFields):
    """A message as its addressee sees it, and who administers the account."""

    id: UUID = Field(description="标识 / key; the channel has it as the message's key")


# What can be refused.


class DeliveryNotFound(NotFound):
    """There is no such message for the one who asks."""

    code = "delivery_not_found"
    zh = "未找到该消息。"
    en = "There is no such message."


class DeliveryNotGivenUp(Conflict):
    """It was sent, or waits to be: only what was given up is begun anew."""

    code = "delivery_not_given_up"
    zh = "只有已放弃的消息可以重新发送。"
    en = "Only a message that was given up is sent anew."


# What may be asked.

_OF_ACCOUNT = Delivery.__table__.join(  # type: ignore[attr-defined]
    Account, col(Delivery.account_id) == col(Account.id)
)
DELIVERIES = Door(
    table=Delivery,
    view=DeliveryView,
    read=Permission.ACCOUNT_READ,
    missing=DeliveryNotFound,
    places={name: col(getattr(Account, name)) for name in PLACE},
    joined=_OF_ACCOUNT,
    filters={
        name: col(getattr(Delivery, name)) for name in ("account_id", "kind", "state", "channel")
    },
    sorts={"created": (col(Delivery.queued_at),)},
)
"""Messages as who administers the addressee's account sees them."""

_OWN = Statement(
    select(*columns_of(Delivery, DeliveryView))
    .where(col(Delivery.account_id) == bindparam("of_account", type_=Uuid))
    .order_by(col(Delivery.queued_at).desc(), col(Delivery.id))
    .limit(MOST_SHOWN)
)


async def list_deliveries(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    account_id: UUID | None = None,
    kind: DeliveryKind | None = None,
    state: DeliveryState | None = None,
    channel: ChannelKind | None = None,
) -> Page:
    """The messages to accounts that the actor administers, in the order in which they were made."""
    filters = {"account_id": account_id, "kind": kind, "state": state, "channel": channel}
    return await DELIVERIES.page(db, actor, page, filters=filters)


async def list_own_deliveries(db: Connection, actor: Actor) -> list[Row]:
    """The latest messages to the actor, the last first."""
    return await db.all(_OWN, of_account=actor.account_id)


# What may be done.

_RETRY = Statement(
    update(Delivery)
    .where(
        col(Delivery.id) == bindparam("delivery_id", type_=Uuid),
        col(Delivery.state) == DeliveryState.GIVEN_UP,
    )
    .values(state=DeliveryState.QUEUED, attempts=0, next_at=bindparam("now", type_=MOMENT))
)


async def retry_delivery(db: Connection, actor: Actor, *, delivery_id: UUID, now: datetime) -> Row:
    """Put a message that was given up into the queue once more, under the same key."""
    await DELIVERIES.get(db, actor, delivery_id, permission=Permission.ACCOUNT_WRITE)
    if not await db.run(_RETRY, delivery_id=delivery_id, now=now):
        raise DeliveryNotGivenUp
    return await DELIVERIES.get(db, actor, delivery_id, permission=Permission.ACCOUNT_WRITE)
