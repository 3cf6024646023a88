"""How a duty goes on: over and over, whatever fails, a part of it in each transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app import sql
from app.domain.errors import DomainError, TooMany, Unavailable
from app.request import Resources
from app.sql import PASSING, Connection

log = logging.getLogger("yanxun")

Duty = Callable[[Resources], Awaitable[None]]
"""What a process does beside its requests, until it is cancelled."""
LOST = (*sql.LOST, DomainError)
"""What a duty meets where the database does not answer, or refuses: it tries again in its next round."""
_PASSING = (*PASSING, TooMany, Unavailable)


async def again(duty: Duty, held: Resources) -> None:
    """Begin a duty anew whenever it fails: no defect may end the hearing of what was revoked."""
    while True:
        try:
            await duty(held)
        except Exception:
            log.exception("%s failed and begins anew", duty.__name__)
        await asyncio.sleep(1)


async def repeat(work: Callable[[], Awaitable[bool]], every: float) -> None:
    """Do a part of a work, the next at once where it says that more is left, else after so many seconds.

    What fails is tried again in the next round: without a word where that may be over by then, and told
    where it will hardly mend by itself.
    """
    while True:
        is_more = False
        try:
            is_more = await work()
        except _PASSING:
            log.debug("%s waits for its next round", work.__qualname__, exc_info=True)
        except LOST:
            log.exception("%s fails, and is tried again", work.__qualname__)
        if not is_more:
            await asyncio.sleep(every)


async def in_rounds(
    held: Resources, work: Callable[[Connection], Awaitable[bool]], every: float
) -> None:
    """The same, each part in a transaction of its own."""

    async def in_transaction() -> bool:
        async with held.pool.transaction() as db:
            return await work(db)

    in_transaction.__qualname__ = work.__qualname__
    await repeat(in_transaction, every)
