"""Telling applications of changes: several at once, so that who answers slowly keeps nobody waiting."""

import asyncio
import random
from contextlib import suppress

from app.domain.exchange.webhooks import (
    claim_webhook_message,
    make_webhook_message,
    settle_webhook_message,
)
from app.request import Resources, now
from app.request.upkeep.rounds import LOST, in_rounds
from app.sql import Connection

_MADE_EVERY = 2.0
_SENT_EVERY = 1.0
_AT_ONCE = 8
"""Messages that one process sends at the same time."""


async def make_webhook_messages(held: Resources) -> None:
    """Make messages of what the feed has for each webhook; of many processes each takes another."""

    async def make_one(db: Connection) -> bool:
        return await make_webhook_message(db, now=now())

    await in_rounds(held, make_one, _MADE_EVERY)


async def send_webhook_messages(held: Resources) -> None:
    """Send what is due, and keep what became of it; no transaction waits for anybody's server."""

    async def send_on() -> None:
        while True:
            was_there = False
            with suppress(*LOST):
                was_there = await send_webhook_message(held)
            if not was_there:
                await asyncio.sleep(_SENT_EVERY)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(_AT_ONCE):
            tasks.create_task(send_on())


async def send_webhook_message(held: Resources) -> bool:
    """Send the message that has waited longest; whether there was one."""
    async with held.pool.transaction() as db:
        claimed = await claim_webhook_message(db, cipher=held.cipher, now=now())
    if claimed is None:
        return False
    parcel, attempt = claimed
    if parcel is None:
        return True
    carried = await held.courier.carry(parcel)
    spread = random.uniform(0.75, 1.25)  # noqa: S311  nothing secret is drawn
    async with held.pool.transaction() as db:
        await settle_webhook_message(
            db, message_id=parcel.message_id, attempt=attempt, carried=carried, now=now(),
            spread=spread,
        )  # fmt: skip
    return True
