"""A webhook (变更推送): an address of an application at which it is told that something changed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, Uuid
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.exchange.changes import ChangeKind
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

WebhookAddress = Annotated[
    str,
    StringConstraints(max_length=500, pattern=r"^https?://[\x21-\x22\x24-\x3f\x41-\x7e]{1,490}$"),
]
"""An address in ASCII, with neither a fragment nor somebody's name and password in it."""


class WebhookState(StrEnum):
    """Whether an address is told of changes (推送状态)."""

    ENABLED = "enabled"
    """推送中"""
    DISABLED = "disabled"
    """已停用"""
    FAILING = "failing"
    """因长期失败而停用"""


class WebhookFields(BaseModel):
    """Where an application is told, of what, and of which place."""

    url: WebhookAddress = Field(description="接收地址 / address that is told", max_length=500)
    note: str | None = Field(
        default=None, min_length=1, max_length=200, description="说明 / what it is for"
    )
    kinds: list[ChangeKind] | None = Field(
        default=None,
        min_length=1,
        max_length=len(ChangeKind),
        description="类别，空为全部 / kinds that it is told of; null for all",
        sa_type=ARRAY(Text),
    )
    unit_id: UUID | None = Field(
        default=None,
        description="单位范围，空为该应用的全部授权范围 / unit of which it is told; null for all that the"
        " application was granted",
        foreign_key="unit.id",
        sa_type=Uuid,
    )


class Webhook(WebhookFields, Table, table=True):
    """An address with its secrets; it hangs from its application's account."""

    __table_args__ = (
        CheckConstraint("(state = 'enabled') = (disabled_at IS NULL)", name="disabled_at"),
        CheckConstraint(
            "(previous_sealed IS NULL) = (previous_until IS NULL)", name="previous_ends"
        ),
        Index(None, "client_id", "id"),
    )

    id: UUID = key()
    client_id: UUID = Field(foreign_key="client.id", sa_type=Uuid)
    state: WebhookState = Field(sa_type=text_enum(WebhookState))
    disabled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    secret_sealed: bytes = Field(sa_type=LargeBinary)
    previous_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_until: datetime | None = Field(default=None, sa_type=MOMENT)
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class WebhookProgress(Table, table=True):
    """How far a webhook has come, kept by who tells: every few seconds, and by nobody's decision."""

    __table_args__ = (Index(None, "looks_at"),)

    id: UUID = Field(primary_key=True, foreign_key="webhook.id", sa_type=Uuid)
    position: str = Field(sa_type=Text)
    """The cursor of the feed up to which messages have been made."""
    looks_at: datetime = Field(sa_type=MOMENT)
    """When the feed is to be looked at next."""
    failing_since: datetime | None = Field(default=None, sa_type=MOMENT)
    """When the first of the attempts failed since which none has succeeded."""


class WebhookView(WebhookFields):
    """A webhook as both faces show it; never its secret."""

    id: UUID = Field(description="标识 / key")
    client_id: UUID = Field(description="应用 / application that is told")
    client_name: str = Field(description="应用名称 / the application's name for people")
    state: WebhookState = Field(description="推送状态 / state")
    disabled_at: datetime | None = Field(description="停用时间 / since when it is not told")
    failing_since: datetime | None = Field(
        description="自何时起持续失败 / since when no attempt has succeeded; null after a success"
    )
    previous_until: datetime | None = Field(
        description="旧密钥的有效期止 / until when messages are signed with the former secret too"
    )
    created_at: datetime = Field(description="登记时间 / since when it is there")


# What can be refused.


class WebhookNotFound(NotFound):
    """There is no such webhook for the one who asks."""

    code = "webhook_not_found"
    zh = "未找到该变更推送。"
    en = "There is no such webhook."


# What may be asked.

OF_CLIENT = {name: col(getattr(Account, name)) for name in PLACE}
"""What places a webhook and its messages: the place of the application's account."""
WEBHOOKS = Door(
    table=Webhook,
    view=WebhookView,
    read=Permission.CLIENT_READ,
    missing=WebhookNotFound,
    places=OF_CLIENT,
    computed={
        "client_name": col(Account.display_name),
        "failing_since": col(WebhookProgress.failing_since),
    },
    joined=Webhook.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Webhook.client_id) == col(Account.id),
    ).join(WebhookProgress.__table__, col(WebhookProgress.id) == col(Webhook.id)),  # type: ignore[attr-defined]
    filters={"client_id": col(Webhook.client_id), "state": col(Webhook.state)},
    sorts={"created": ()},
)


async def get_webhook(db: Connection, actor: Actor, *, webhook_id: UUID, lock: bool = False) -> Row:
    """One webhook of an application in the actor's place."""
    return await WEBHOOKS.get(db, actor, webhook_id, lock=lock)


async def list_webhooks(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    client_id: UUID | None = None,
    state: WebhookState | None = None,
) -> Page:
    """The webhooks of the applications in the actor's place."""
    filters = {"client_id": client_id, "state": state}
    return await WEBHOOKS.page(db, actor, page, filters=filters)
