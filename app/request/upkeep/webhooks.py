"""Telling applications of changes: several at once, so that who answers slowly keeps nobody waiting."""

import asyncio
import random
from contextlib import suppress

from app.domain.exchange.webhooks import (
    Parcel,
    claim_webhook_message,
    make_webhook_message,
    settle_webhook_message,
)
from app.request import Resources, now
from app.request.upkeep.rounds import LOST, in_rounds, repeat
from app.sql import Connection

Claimed = tuple[Parcel | None, int]
"""A message, None where it is not to be sent after all; and which attempt it is."""
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
    """Send what is due, and keep what became of it; no transaction waits for anybody's server.

    One looks for messages, however many are on their way: where nothing is due, little is asked.
    """
    places = asyncio.Semaphore(_AT_ONCE)
    async with asyncio.TaskGroup() as sending:

        async def bring(claimed: Claimed) -> None:
            try:
                with suppress(*LOST):
                    await _bring(held, claimed)
            finally:
                places.release()

        async def send_next() -> bool:
            await places.acquire()
            claimed = None
            try:
                claimed = await _claim(held)
            finally:
                if claimed is None:
                    places.release()
            if claimed is None:
                return False
            sending.create_task(bring(claimed))
            return True

        await repeat(send_next, _SENT_EVERY)


async def send_webhook_message(held: Resources) -> bool:
    """Send the message that has waited longest; whether there was one."""
    claimed = await _claim(held)
    if claimed is None:
        return False
    await _bring(held, claimed)
    return True


async def _claim(held: Resources) -> Claimed | None:
    async with held.pool.transaction() as db:
        return await claim_webhook_message(db, cipher=held.cipher, now=now())


async def _bring(held: Resources, claimed: Claimed) -> None:
    parcel, attempt = claimed
    if parcel is None:
        return
    carried = await held.courier.carry(parcel)
    spread = random.uniform(0.75, 1.25)  # noqa: S311  nothing secret is drawn
    async with held.pool.transaction() as db:
        await settle_webhook_message(
            db, message_id=parcel.message_id, attempt=attempt, carried=carried, now=now(),
            spread=spread,
        )  # fmt: skip
