"""A worker whose parts are short, and that takes over soon what another has left.

`yanxun work` takes thousands of lines in a part and waits half a minute for one who gave no sign of life; a
proof that kills workers again and again would mostly wait. Nothing else is different.
"""

import asyncio
import signal
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from app.domain.exchange.imports import KINDS, ImportSubject
from app.jobs import JOBS, importing
from app.jobs.worker import work
from app.main import open_resources
from app.request.upkeep.rounds import again
from app.settings import Settings


def do_parts_until_ended(lines: int, stale_after: float) -> None:
    """Do jobs until asked to stop: so many lines of people at a time, others' after so many seconds."""
    with suppress(asyncio.CancelledError):
        asyncio.run(_do_parts(lines, stale_after))


async def _do_parts(lines: int, stale_after: float) -> None:
    worker = asyncio.current_task()
    assert worker is not None  # noqa: S101  asyncio.run makes a task of it
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.cancel)

    async def do_jobs(held: Any) -> None:
        await work(held, JOBS, stale_after=timedelta(seconds=stale_after))

    people = replace(KINDS[ImportSubject.PEOPLE], part=lines)
    with (
        patch.dict(KINDS, {ImportSubject.PEOPLE: people}),
        patch.object(importing, "_STAGED_AT_ONCE", min(lines, 1_000)),
    ):
        async with open_resources(Settings()) as held:
            await again(do_jobs, held)
