"""Hearing what others decided: ended rights, the register of applications, what is streamed."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from app.domain.access.clients import origins_of_clients
from app.domain.access.delegations import ended_delegations
from app.domain.access.sign_in import security_versions
from app.domain.access.sign_ins import ended_sign_ins
from app.domain.exchange.live import CHANNEL as LIVE
from app.request import Resources, now
from app.request.upkeep.rounds import LOST
from app.security.tokens import LIFETIME

_PROVED_EVERY = 3.0
"""Seconds after which a silent connection is asked whether it is still there."""


async def listen(held: Resources) -> None:
    """Hear from every process whose rights have changed, and refuse the tokens issued before.

    Whenever the connection is new, what was missed meanwhile is read from the tables: tokens live
    ten minutes, so nothing older matters. Streams hear by the same connection, and read by themselves
    what they missed.
    """
    with suppress(*LOST):
        await _listen_once(held)


async def _listen_once(held: Resources) -> None:
    gone, changed = asyncio.Event(), asyncio.Event()

    def heard(_connection: Any, _process: int, channel: str, message: str) -> None:
        if channel == "clients":
            changed.set()
        else:
            _hear(held, channel, message)

    def ended(_connection: Any) -> None:
        gone.set()
        changed.set()

    connection = await asyncpg.connect(held.settings.session_url, timeout=10)
    try:
        connection.add_termination_listener(ended)
        for channel in ("security", "clients", LIVE):
            await connection.add_listener(channel, heard)
        since = now() - LIFETIME - timedelta(minutes=1)
        async with held.pool.connection() as db:
            missed = await security_versions(db, since=since)
            ended_since = [*await ended_sign_ins(db, since=since)]
            ended_since += await ended_delegations(db, since=since)
            missed |= dict.fromkeys(ended_since, 1)
        _learn(held, missed)
        held.live.wake_all()
        while not gone.is_set():
            changed.clear()
            async with held.pool.connection() as db:
                held.origins.learn(await origins_of_clients(db))
            while not changed.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), _PROVED_EVERY)
                    break
                # A connection that was cut without a word looks like one on which nothing is said.
                await connection.execute("SELECT 1", timeout=_PROVED_EVERY)
    finally:
        await connection.close(timeout=_PROVED_EVERY)


def _hear(held: Resources, channel: str, message: str) -> None:
    """Pass on what was announced: to the streams, or that somebody's tokens have ended."""
    if channel == LIVE:
        held.live.hear(message)
        return
    subject_id, _, version = message.partition(" ")
    _learn(held, {UUID(subject_id): int(version)})


def _learn(held: Resources, versions: dict[UUID, int]) -> None:
    """Take note of what has ended, and read the tokens anew that end with it."""
    held.actors.learn(versions)
    for subject_id in versions:
        held.tokens.forget(str(subject_id))
    held.live.wake_all(due=False)
