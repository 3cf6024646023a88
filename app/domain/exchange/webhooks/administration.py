"""Registering a webhook, changing it, replacing its secret, stopping it, trying it out."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import msgspec
from pydantic import Field, model_validator
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.clients import Client, get_client
from app.domain.access.roles import Permission
from app.domain.base import Command, SecretCipher
from app.domain.errors import Conflict, Unfit
from app.domain.exchange.changes import ChangeKind, Coverage, Position, keep_units
from app.domain.exchange.changes.epochs import HORIZON
from app.domain.exchange.webhooks.message import (
    WEBHOOK_MESSAGES,
    WebhookMessage,
    WebhookMessageKind,
    WebhookMessageState,
)
from app.domain.exchange.webhooks.told import fields_of, told_of
from app.domain.exchange.webhooks.webhook import (
    WEBHOOKS,
    Webhook,
    WebhookAddress,
    WebhookFields,
    WebhookProgress,
    WebhookState,
)
from app.sql import Connection, Row, Statement, new_id

OVERLAP = timedelta(days=7)
"""How long messages are signed with the secret before the present one too."""
MOST_WEBHOOKS = 10
"""Of one application."""


class NewWebhook(WebhookFields, Command):
    """A webhook to be registered."""

    client_id: UUID = Field(description="应用 / application that is told")


class WebhookChanges(Command):
    """What of a webhook is to be changed; what is left out stays as it is."""

    url: WebhookAddress | None = Field(default=None, description="接收地址 / address")
    note: str | None = Field(
        default=None, min_length=1, max_length=200, description="说明 / what it is for"
    )
    kinds: list[ChangeKind] | None = Field(
        default=None,
        min_length=1,
        max_length=len(ChangeKind),
        description="类别，空为全部 / kinds; null for all",
    )
    unit_id: UUID | None = Field(
        default=None, description="单位范围，空为全部 / unit; null for all"
    )

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if "url" in self.model_fields_set and self.url is None:
            raise Unfit("接收地址不能为空。", "The address cannot be null.")
        return self


# What can be refused.


class WebhookTellsNothing(Conflict):
    """The application may not read the feed, or nothing of this unit or these kinds."""

    code = "webhook_tells_nothing"
    zh = "该应用无权读取所选范围或类别的变更。"
    en = "The application may read no changes of this unit and these kinds."


class TooManyWebhooks(Conflict):
    """One application is told at a few addresses."""

    code = "too_many_webhooks"
    zh = "每个应用最多登记{most}个推送。"
    en = "An application has {most} webhooks at most."


class WebhookNotEnabled(Conflict):
    """What is stopped is not tried out."""

    code = "webhook_not_enabled"
    zh = "该推送已停用。"
    en = "The webhook is stopped."


# What may be done.

_ID = bindparam("webhook_id", type_=Uuid)
_SECRET = Statement(select(col(Webhook.secret_sealed)).where(col(Webhook.id) == _ID))
_POSITION = Statement(select(col(WebhookProgress.position)).where(col(WebhookProgress.id) == _ID))
_CLIENT = bindparam("client_id", type_=Uuid)
_LOCK_CLIENT = Statement(select(col(Client.id)).where(col(Client.id) == _CLIENT).with_for_update())
_COUNT = Statement(
    select(func.count()).select_from(Webhook).where(col(Webhook.client_id) == _CLIENT)
)


def secret_context(webhook_id: UUID, column: str = "secret_sealed") -> str:
    """The place that a sealed secret belongs to."""
    return f"webhook|{column}|{webhook_id}"


async def check_webhook(db: Connection, actor: Actor, *, client_id: UUID) -> None:
    """Refuse whoever may not register an address of this application.

    It is asked before anybody looks where a name leads, or names in here could be found out.
    """
    client = await get_client(db, actor, client_id=client_id)
    actor.require(Permission.CLIENT_WRITE, client)


async def check_webhook_changes(db: Connection, actor: Actor, *, webhook_id: UUID) -> Row:
    """The webhook as it is; refused as a change of it would be, before anybody looks where a name leads."""
    return await WEBHOOKS.get(db, actor, webhook_id, permission=Permission.CLIENT_WRITE)


async def add_webhook(
    db: Connection,
    actor: Actor,
    *,
    new: NewWebhook,
    secret: str,
    cipher: SecretCipher,
    now: datetime,
) -> Row:
    """Register an address of an application; it is told of what changes from now on.

    The caller has had the address checked by the courier.
    """
    await check_webhook(db, actor, client_id=new.client_id)
    await db.value(_LOCK_CLIENT, client_id=new.client_id)
    if int(await db.value(_COUNT, client_id=new.client_id)) >= MOST_WEBHOOKS:
        raise TooManyWebhooks(most=MOST_WEBHOOKS)
    fields = new.model_dump()
    coverage = await _covered(db, fields, now)
    webhook_id = new_id()
    row = fields | {
        "id": webhook_id,
        "state": WebhookState.ENABLED,
        "secret_sealed": cipher.seal(secret, context=secret_context(webhook_id)),
        "created_at": now,
        "created_by": actor.account_id,
    }
    await db.insert(Webhook, row)
    begun = {"id": webhook_id, "position": await _here(db, coverage), "looks_at": now}
    await db.insert(WebhookProgress, begun)
    return await WEBHOOKS.get(db, actor, webhook_id)


async def update_webhook(
    db: Connection, actor: Actor, *, webhook_id: UUID, changes: WebhookChanges, now: datetime
) -> Row:
    """Change where or of what an application is told.

    The caller has had a new address checked by the courier, before this transaction.
    """
    found = await _open(db, actor, webhook_id)
    fields = changes.model_dump(exclude_unset=True)
    if fields.keys() & {"kinds", "unit_id"}:
        await _covered(db, found | fields, now)
    await db.change(Webhook, webhook_id, fields)
    return await WEBHOOKS.get(db, actor, webhook_id)


async def rotate_webhook_secret(
    db: Connection,
    actor: Actor,
    *,
    webhook_id: UUID,
    secret: str,
    cipher: SecretCipher,
    now: datetime,
) -> Row:
    """Give a webhook another secret; for a week messages carry the signatures of both."""
    await _open(db, actor, webhook_id)
    held = await db.value(_SECRET, webhook_id=webhook_id)
    former = cipher.open(held, context=secret_context(webhook_id))
    changed = {
        "secret_sealed": cipher.seal(secret, context=secret_context(webhook_id)),
        "previous_sealed": cipher.seal(
            former, context=secret_context(webhook_id, "previous_sealed")
        ),
        "previous_until": now + OVERLAP,
    }
    await db.change(Webhook, webhook_id, changed)
    return await WEBHOOKS.get(db, actor, webhook_id)


async def disable_webhook(db: Connection, actor: Actor, *, webhook_id: UUID, now: datetime) -> Row:
    """Stop telling; what waits stays, and the place in the feed too."""
    found = await _open(db, actor, webhook_id)
    if found["state"] == WebhookState.DISABLED:
        return found
    await db.change(Webhook, webhook_id, {"state": WebhookState.DISABLED, "disabled_at": now})
    return await WEBHOOKS.get(db, actor, webhook_id)


async def enable_webhook(db: Connection, actor: Actor, *, webhook_id: UUID, now: datetime) -> Row:
    """Tell again, from where it stopped; what was given up meanwhile is replayed by hand."""
    found = await _open(db, actor, webhook_id)
    if found["state"] == WebhookState.ENABLED:
        return found
    await db.change(Webhook, webhook_id, {"state": WebhookState.ENABLED, "disabled_at": None})
    await db.change(WebhookProgress, webhook_id, {"failing_since": None, "looks_at": now})
    return await WEBHOOKS.get(db, actor, webhook_id)


async def test_webhook(db: Connection, actor: Actor, *, webhook_id: UUID, now: datetime) -> Row:
    """Put a message into the queue that tells of nothing; what becomes of it is read by its key."""
    found = await _open(db, actor, webhook_id)
    if found["state"] != WebhookState.ENABLED:
        raise WebhookNotEnabled
    body = {"type": "test", "timestamp": now, "data": {"webhook_id": webhook_id}}
    position = await db.value(_POSITION, webhook_id=webhook_id)
    row = message(webhook_id, WebhookMessageKind.TEST, body, position=position, changes=0, now=now)
    await db.insert(WebhookMessage, row)
    return await WEBHOOK_MESSAGES.get(db, actor, row["id"])


def message(
    webhook_id: UUID,
    kind: WebhookMessageKind,
    body: Any,
    *,
    position: str,
    changes: int,
    now: datetime,
) -> Row:
    """A message that waits to be sent."""
    return {
        "id": new_id(),
        "webhook_id": webhook_id,
        "kind": kind,
        "state": WebhookMessageState.WAITING,
        "changes": changes,
        "attempts": 0,
        "next_at": now,
        "made_at": now,
        "body": msgspec.json.encode(body).decode(),
        "position": position,
        "tries": [],
    }


async def _open(db: Connection, actor: Actor, webhook_id: UUID) -> Row:
    """The webhook, locked, if the actor may change it."""
    write = Permission.CLIENT_WRITE
    return await WEBHOOKS.get(db, actor, webhook_id, permission=write, lock=True)


async def _covered(db: Connection, fields: Row, now: datetime) -> Coverage:
    told = await told_of(db, **fields_of(fields), now=now)
    if told is None:
        raise WebhookTellsNothing
    return told[1]


async def _here(db: Connection, coverage: Coverage) -> str:
    await keep_units(db, units=coverage.units)
    [now] = await db.all(HORIZON)
    return Position(now["epoch"], now["horizon"], covered=coverage).cursor()
