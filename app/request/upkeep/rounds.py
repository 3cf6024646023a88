"""How a duty goes on: over and over, whatever fails, a part of it in each transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app import sql
from app.domain.errors import DomainError
from app.request import Resources
from app.sql import Connection

log = logging.getLogger("yanxun")

Duty = Callable[[Resources], Awaitable[None]]
"""What a process does beside its requests, until it is cancelled."""
LOST = (*sql.LOST, DomainError)
"""What a duty meets where the database does not answer: it tries again in its next round."""


async def again(duty: Duty, held: Resources) -> None:
    """Begin a duty anew whenever it fails: no defect may end the hearing of what was revoked."""
    while True:
        try:
            await duty(held)
        except Exception:
            log.exception("%s failed and begins anew", duty.__name__)
        await asyncio.sleep(1)


async def repeat(work: Callable[[], Awaitable[bool]], every: float) -> None:
    """Do a part of a work, the next at once where it says that more is left, else after so many seconds."""
    while True:
        is_more = False
        with suppress(*LOST):
            is_more = await work()
        if not is_more:
            await asyncio.sleep(every)


async def in_rounds(
    held: Resources, work: Callable[[Connection], Awaitable[bool]], every: float
) -> None:
    """The same, each part in a transaction of its own."""

    async def in_transaction() -> bool:
        async with held.pool.transaction() as db:
            return await work(db)

    await repeat(in_transaction, every)
