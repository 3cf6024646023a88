"""Working through the webhooks: making messages from the feed, sending them, and what became of it.

The outbox is the feed itself: a webhook has a place in it, and a message is made of what follows, in the
transaction that moves the place on. Of one webhook one message waits at a time, so that nobody is told
out of order, and an address that does not answer costs one row. A message is claimed, sent and settled
in three steps, and no transaction is open while somebody's server is waited for: such a transaction
would hold the feed back for all. Whatever ends a process between them lets the next one send the
message again, under the key that the receiver has seen.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Uuid, bindparam, exists, select, update
from sqlmodel import col

from app.domain.aside import RESTS
from app.domain.base import MOMENT, SecretCipher
from app.domain.errors import TooMany, Unavailable
from app.domain.exchange.changes import (
    ChangeKind,
    Coverage,
    Position,
    keep_units,
    read_position,
)
from app.domain.exchange.changes.coverage import scope_of
from app.domain.exchange.changes.epochs import PRESENT
from app.domain.exchange.changes.positions import changed_between
from app.domain.exchange.webhooks.administration import message, secret_context
from app.domain.exchange.webhooks.courier import Carried, Parcel
from app.domain.exchange.webhooks.message import (
    WebhookMessage,
    WebhookMessageKind,
    WebhookMessageState,
)
from app.domain.exchange.webhooks.told import fields_of, told_of
from app.domain.exchange.webhooks.webhook import Webhook, WebhookProgress, WebhookState
from app.domain.paging import BadCursor
from app.sql import PASSING, Connection, Row, Statement

log = logging.getLogger("yanxun")

MOST_CHANGES = 100
"""Of which one message tells."""
LOOKED_EVERY = timedelta(seconds=5)
"""Between two looks at the feed for one webhook, where there is nothing to tell."""
STANDS_FOR = 100_000
"""Transactions by which a webhook's place may lie behind the feed before it is moved on without a message."""
LEASE = timedelta(seconds=60)
"""How long a claimed message is left to the process that sends it."""
MOST_ATTEMPTS = 10
"""After so many a message is given up: about a day after the first."""
FIRST_PAUSE = timedelta(seconds=5)
"""Before the second attempt; each further pause is four times as long, give or take a quarter."""
LONGEST_PAUSE = timedelta(hours=6)
FAILING_FOR = timedelta(days=3)
"""A webhook at which nothing succeeded for so long is stopped, and its owner has a task."""
TRIES_KEPT = 20

# What may be done.

_NOW = bindparam("now", type_=MOMENT)
_IS_ENABLED = col(Webhook.state) == WebhookState.ENABLED


def _waits(webhook_id: Any) -> ColumnElement[bool]:
    return exists().where(
        col(WebhookMessage.webhook_id) == webhook_id,
        col(WebhookMessage.state) == WebhookMessageState.WAITING,
        col(WebhookMessage.kind) == WebhookMessageKind.CHANGES,
    )


_DUE = Statement(
    select(
        col(Webhook.id), col(Webhook.client_id), col(Webhook.kinds), col(Webhook.unit_id),
        col(WebhookProgress.position),
    )
    .join_from(WebhookProgress, Webhook, col(WebhookProgress.id) == col(Webhook.id))
    .where(_IS_ENABLED, col(WebhookProgress.looks_at) <= _NOW, ~_waits(col(Webhook.id)))
    .order_by(col(WebhookProgress.looks_at))
    .limit(1)
    .with_for_update(skip_locked=True, of=WebhookProgress)
)  # fmt: skip


_PRESENT = Statement(
    PRESENT.add_columns(_waits(bindparam("webhook_id", type_=Uuid)).label("waits"))
)
"""How far the feed can be read, and whether a message waits since another process had the webhook."""


async def make_webhook_message(db: Connection, *, now: datetime) -> bool:
    """Look at the feed for the webhook that was not looked after for longest; whether there was one.

    What it covers may have changed, or the database been restored: then the message says that the
    application is to read the feed afresh, from its own cursor.
    """
    webhook = await db.one(_DUE, now=now)
    if webhook is None:
        return False
    try:
        async with db.transaction():
            return await _look(db, webhook, now)
    except (*PASSING, TooMany, Unavailable):
        raise
    except Exception:  # however it fails, the other webhooks have their turn
        log.exception("webhook %s cannot be looked after, and rests", webhook["id"])
        await db.change(WebhookProgress, webhook["id"], {"looks_at": now + RESTS})
        return True


async def _look(db: Connection, webhook: Row, now: datetime) -> bool:
    told = await told_of(db, **fields_of(webhook), now=now)
    if told is None:
        await db.change(WebhookProgress, webhook["id"], {"looks_at": now + LOOKED_EVERY})
        return True
    actor, coverage = told
    [present] = await db.all(_PRESENT, webhook_id=webhook["id"])
    if present["waits"]:
        return False
    here = Position(present["epoch"], present["horizon"], covered=coverage)
    last = await _place(db, webhook["position"])
    await keep_units(db, units=coverage.units)
    if last is None or last.epoch != here.epoch or last.covered != coverage:
        await _tell(db, webhook["id"], [], here, afresh=True, now=now)
        return True
    rows = await changed_between(
        db,
        scope=scope_of(actor, coverage.units),
        kinds=coverage.kinds,
        after=last,
        before=(here.transaction, 0),
        limit=MOST_CHANGES,
    )
    if rows:
        await _tell(db, webhook["id"], rows, last, afresh=False, now=now)
        return True
    moved: Row = {"looks_at": now + LOOKED_EVERY}
    if here.transaction - last.transaction > STANDS_FOR:
        moved["position"] = here.cursor()
    await db.change(WebhookProgress, webhook["id"], moved)
    return True


async def _place(db: Connection, cursor: str) -> Position | None:
    try:
        return await read_position(db, cursor=cursor)
    except BadCursor:  # of an earlier release: read afresh
        return None


async def _tell(
    db: Connection,
    webhook_id: UUID,
    rows: list[Row],
    after: Position,
    *,
    afresh: bool,
    now: datetime,
) -> None:
    """Make a message of these changes, and move the webhook's place on behind them."""
    changes, since = [], after.cursor()
    for row in rows:
        after = Position(after.epoch, row["transaction"], row["sequence"], after.covered)
        changed = {"kind": ChangeKind(row["kind"]), "id": row["id"], "gone": row["gone"]}
        changes.append(changed)
    cursor = after.cursor()
    data = {"changes": changes, "since": since, "next": cursor, "afresh": afresh}
    body = {"type": "changes", "timestamp": now, "data": data}
    row = message(
        webhook_id, WebhookMessageKind.CHANGES, body, position=cursor, changes=len(changes), now=now
    )
    await db.insert(WebhookMessage, row)
    await db.change(WebhookProgress, webhook_id, {"position": cursor, "looks_at": now})


_CLAIMABLE = Statement(
    select(
        col(WebhookMessage.id), col(WebhookMessage.kind), col(WebhookMessage.body),
        col(WebhookMessage.position), col(WebhookMessage.attempts), col(WebhookMessage.webhook_id),
        col(Webhook.url), col(Webhook.client_id), col(Webhook.kinds), col(Webhook.unit_id),
        col(Webhook.secret_sealed), col(Webhook.previous_sealed), col(Webhook.previous_until),
    )
    .join_from(WebhookMessage, Webhook, col(WebhookMessage.webhook_id) == col(Webhook.id))
    .where(_IS_ENABLED, col(WebhookMessage.next_at) <= _NOW)
    .order_by(col(WebhookMessage.next_at))
    .limit(1)
    .with_for_update(skip_locked=True, of=WebhookMessage)
)  # fmt: skip


async def claim_webhook_message(
    db: Connection, *, cipher: SecretCipher, now: datetime
) -> tuple[Parcel | None, int] | None:
    """The message that has waited longest, and which attempt this is; None where none is due.

    Without a parcel there was one that is not to be sent: what it covers is not what the application
    may see now, or the application may ask for nothing for the time being.
    """
    row = await db.one(_CLAIMABLE, now=now)
    if row is None:
        return None
    attempt = row["attempts"] + 1
    told = await told_of(db, **fields_of(row), now=now)
    if told is None:
        await db.change(WebhookMessage, row["id"], {"next_at": now + LEASE})
        return None, attempt
    is_of_changes = row["kind"] == WebhookMessageKind.CHANGES
    if is_of_changes and not await _still_covers(db, row["position"], told[1]):
        ended = {"state": WebhookMessageState.SUPERSEDED, "next_at": None, "ended_at": now}
        await db.change(WebhookMessage, row["id"], ended)
        return None, attempt
    try:
        secrets = _secrets(row, cipher, now)
    except Exception:  # a secret that cannot be opened is one address's trouble
        log.exception("message %s cannot be signed, and rests", row["id"])
        await db.change(WebhookMessage, row["id"], {"next_at": now + RESTS})
        return None, attempt
    await db.change(WebhookMessage, row["id"], {"attempts": attempt, "next_at": now + LEASE})
    return Parcel(row["id"], row["url"], row["body"], secrets), attempt


async def _still_covers(db: Connection, cursor: str, coverage: Coverage) -> bool:
    place = await _place(db, cursor)
    return place is not None and place.covered == coverage


def _secrets(row: Row, cipher: SecretCipher, now: datetime) -> tuple[str, ...]:
    webhook_id = row["webhook_id"]
    secret = cipher.open(row["secret_sealed"], context=secret_context(webhook_id))
    if row["previous_until"] is None or row["previous_until"] <= now:
        return (secret,)
    place = secret_context(webhook_id, "previous_sealed")
    return secret, cipher.open(row["previous_sealed"], context=place)


_CLAIMED = Statement(
    select(
        col(WebhookMessage.tries),
        col(WebhookMessage.webhook_id),
        col(WebhookProgress.failing_since),
    )
    .join_from(
        WebhookMessage, WebhookProgress, col(WebhookMessage.webhook_id) == col(WebhookProgress.id)
    )
    .where(
        col(WebhookMessage.id) == bindparam("message_id", type_=Uuid),
        col(WebhookMessage.state) == WebhookMessageState.WAITING,
        col(WebhookMessage.attempts) == bindparam("attempt", type_=Integer),
    )
    .with_for_update()
)
_STOP = Statement(
    update(Webhook)
    .where(col(Webhook.id) == bindparam("webhook_id", type_=Uuid), _IS_ENABLED)
    .values(state=WebhookState.FAILING, disabled_at=_NOW)
)


async def settle_webhook_message(
    db: Connection,
    *,
    message_id: UUID,
    attempt: int,
    carried: Carried,
    now: datetime,
    spread: float = 1.0,
) -> None:
    """Keep what became of an attempt, unless another process has taken the message over meanwhile.

    `spread` lengthens or shortens the pause, so that what failed together does not come again together.
    """
    row = await db.one(_CLAIMED, message_id=message_id, attempt=attempt)
    if row is None:
        return
    tried = {
        "at": now,
        "status": carried.status,
        "problem": carried.problem,
        "milliseconds": carried.milliseconds,
        "excerpt": carried.excerpt,
    }
    ended: dict[str, Any] = {"tries": [*row["tries"], tried][-TRIES_KEPT:]}
    if carried.is_taken:
        ended |= {"state": WebhookMessageState.DELIVERED, "next_at": None, "ended_at": now}
    elif attempt >= MOST_ATTEMPTS or carried.is_unwanted:
        ended |= {"state": WebhookMessageState.DEAD, "next_at": None, "ended_at": now}
    else:
        pause = min(FIRST_PAUSE * 4 ** (attempt - 1), LONGEST_PAUSE)
        ended["next_at"] = now + pause * spread
    await db.change(WebhookMessage, message_id, ended)
    since = None if carried.is_taken else row["failing_since"] or now
    if since != row["failing_since"]:
        await db.change(WebhookProgress, row["webhook_id"], {"failing_since": since})
    if carried.is_unwanted or (since is not None and now - since >= FAILING_FOR):
        await db.run(_STOP, webhook_id=row["webhook_id"], now=now)
