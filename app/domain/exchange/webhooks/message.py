"""A message of a webhook (推送消息): what is told at once, and what became of each attempt."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Text, Uuid, bindparam, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.exchange.webhooks.webhook import OF_CLIENT, Webhook
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.portions import forget_some
from app.sql import Connection, Row, Statement


class WebhookMessageKind(StrEnum):
    """Of what a message tells (消息类型)."""

    CHANGES = "changes"
    """变更"""
    TEST = "test"
    """测试"""


class WebhookMessageState(StrEnum):
    """How far a message has come (消息状态)."""

    WAITING = "waiting"
    """待送达"""
    DELIVERED = "delivered"
    """已送达"""
    DEAD = "dead"
    """已放弃"""
    SUPERSEDED = "superseded"
    """已作废：范围已变更"""


class Try(BaseModel):
    """One attempt to deliver a message, as it ended."""

    at: datetime = Field(description="时间 / when")
    status: int | None = Field(description="HTTP 状态码 / status of the answer, if there was one")
    problem: str | None = Field(description="失败原因 / why it failed: a stable word")
    milliseconds: int = Field(description="用时（毫秒） / how long it took")
    excerpt: str | None = Field(description="响应开头 / how the answer's body begins")


class MessageFields(BaseModel):
    """What it tells of, and how that stands."""

    kind: WebhookMessageKind = Field(
        description="消息类型 / of what", sa_type=text_enum(WebhookMessageKind)
    )
    state: WebhookMessageState = Field(
        description="消息状态 / state", sa_type=text_enum(WebhookMessageState)
    )
    changes: int = Field(description="所含变更数 / changes in it")
    attempts: int = Field(description="已尝试次数 / attempts since it was made or replayed")
    next_at: datetime | None = Field(
        description="下次尝试时间 / when it is tried next", sa_type=MOMENT
    )
    made_at: datetime = Field(description="产生时间 / when it was made", sa_type=MOMENT)
    ended_at: datetime | None = Field(
        description="结束时间 / when it was delivered or given up", sa_type=MOMENT
    )


class WebhookMessage(MessageFields, Table, table=True):
    """What one request to an address carries; its key is the `webhook-id`, however often it is sent."""

    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waits"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("attempts >= 0 AND changes >= 0", name="counted"),
        Index(None, "webhook_id", "id"),
        Index(None, "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index(None, "ended_at"),
    )

    id: UUID = key()
    webhook_id: UUID = Field(foreign_key="webhook.id", sa_type=Uuid)
    body: str = Field(sa_type=Text)
    """What is sent: kinds, keys and cursors, and nothing about anybody."""
    position: str = Field(sa_type=Text)
    """The cursor of the feed after what it tells, with the coverage under which it was made."""
    tries: list[Any] = Field(sa_type=JSONB)
    """Its attempts (`Try`), the last ones."""


class WebhookMessageView(MessageFields):
    """A message as both faces show it, with its attempts."""

    id: UUID = Field(description="标识，即 webhook-id / key, which is the `webhook-id`")
    webhook_id: UUID = Field(description="变更推送 / webhook")
    tries: list[Try] = Field(description="各次尝试 / its attempts, the last ones")


# What can be refused.


class WebhookMessageNotFound(NotFound):
    """There is no such message for the one who asks."""

    code = "webhook_message_not_found"
    zh = "未找到该推送消息。"
    en = "There is no such message of a webhook."


class WebhookMessageNotDead(Conflict):
    """Only what was given up, or was delivered and is wanted again, is sent once more."""

    code = "webhook_message_not_ended"
    zh = "只有已送达或已放弃的消息可以重新推送。"
    en = "Only a message that was delivered or given up is sent once more."


# What may be asked.

WEBHOOK_MESSAGES = Door(
    table=WebhookMessage,
    view=WebhookMessageView,
    read=Permission.CLIENT_READ,
    missing=WebhookMessageNotFound,
    places=OF_CLIENT,
    joined=WebhookMessage.__table__.join(  # type: ignore[attr-defined]
        Webhook.__table__,  # type: ignore[attr-defined]
        col(WebhookMessage.webhook_id) == col(Webhook.id),
    ).join(Account.__table__, col(Webhook.client_id) == col(Account.id)),  # type: ignore[attr-defined]
    filters={"webhook_id": col(WebhookMessage.webhook_id), "state": col(WebhookMessage.state)},
    sorts={"made": ()},
)


async def get_webhook_message(db: Connection, actor: Actor, *, message_id: UUID) -> Row:
    """One message with its attempts."""
    return await WEBHOOK_MESSAGES.get(db, actor, message_id)


async def list_webhook_messages(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    webhook_id: UUID | None = None,
    state: WebhookMessageState | None = None,
) -> Page:
    """The messages to the applications in the actor's place, in the order in which they were made."""
    filters = {"webhook_id": webhook_id, "state": state}
    return await WEBHOOK_MESSAGES.page(db, actor, page, filters=filters)


# What may be done.

_AGAIN = Statement(
    update(WebhookMessage)
    .where(
        col(WebhookMessage.id) == bindparam("message_id", type_=Uuid),
        is_among(
            col(WebhookMessage.state), [WebhookMessageState.DEAD, WebhookMessageState.DELIVERED]
        ),
    )
    .values(
        state=WebhookMessageState.WAITING,
        attempts=0,
        next_at=bindparam("now", type_=MOMENT),
        ended_at=None,
    )
)


async def replay_webhook_message(
    db: Connection, actor: Actor, *, message_id: UUID, now: datetime
) -> Row:
    """Send a message once more, under the same key, before whatever is made later."""
    write = Permission.CLIENT_WRITE
    await WEBHOOK_MESSAGES.get(db, actor, message_id, permission=write)
    if not await db.run(_AGAIN, message_id=message_id, now=now):
        raise WebhookMessageNotDead
    return await WEBHOOK_MESSAGES.get(db, actor, message_id, permission=write)


KEPT = timedelta(days=30)
"""How long an ended message can be read and replayed."""
_TIDY = forget_some(
    WebhookMessage, col(WebhookMessage.ended_at) < bindparam("before", type_=MOMENT)
)


async def tidy_webhook_messages(db: Connection, *, now: datetime) -> None:
    """Forget a part of the messages that ended too long ago to be asked after."""
    await db.run(_TIDY, before=now - KEPT)
