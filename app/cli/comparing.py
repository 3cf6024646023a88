"""`yanxun compare-notes`: find the notes that are nearly the same among all that there are."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from app.cli.database import migrated, pool_of_one
from app.cli.output import console
from app.domain.training.notes import compare_notes, print_notes
from app.settings import Settings, get_settings


def compare() -> None:
    """Compare every note with those of its city, and queue what is nearly the same."""
    with migrated(get_settings()) as settings:
        queued = asyncio.run(compare_all(settings))
    console.print(f"新发现的雷同线索 / resemblances queued: {queued}")


async def compare_all(settings: Settings) -> int:
    """Compare them in short transactions; how many resemblances were queued."""
    now, queued = datetime.now(UTC), 0
    after: UUID | None = UUID(int=0)
    async with pool_of_one(settings, statement_timeout=300) as pool:
        printed = -1
        while printed:
            async with pool.transaction() as db:
                printed = await print_notes(db)
        while after is not None:
            async with pool.transaction() as db:
                after, found = await compare_notes(db, after=after, now=now)
            queued += found
    return queued
