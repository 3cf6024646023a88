"""Work to test the worker with: errands, in a table that only these tests have.

`python -m tests.jobs.errands FOLDER URL` is a worker in a process of its own; it does one part of an
errand, says so, and never ends it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import MetaData, text

from app.domain.base import Table, key
from app.domain.progress import ProgressFields, advance_work, progress_constraints
from app.jobs.worker import Job, work
from app.main import open_resources
from app.request import Resources
from app.settings import Settings
from app.sql import Connection, Statement

PARTS = 3
STALE_AFTER = timedelta(seconds=1)


class Errand(ProgressFields, Table, table=True):
    """Something to be done in three parts."""

    __table_args__ = progress_constraints()
    metadata: ClassVar[MetaData] = MetaData()

    id: UUID = key()


_DONE = Statement(text("SELECT done FROM errand WHERE id = :id"))


async def progress_of(db: Connection, errand: UUID) -> dict[str, Any]:
    """All that an errand's row says."""
    row = await db.one(Statement(text("SELECT * FROM errand WHERE id = :id")), id=errand)
    assert row is not None
    return row


def in_parts(
    between: Callable[[int], Awaitable[None]],
) -> Callable[[Resources, UUID], Awaitable[None]]:
    """What does an errand: whatever is left of its parts, each in a transaction; then `between`."""

    async def do_errand(held: Resources, about: UUID) -> None:
        async with held.pool.connection() as db:
            first = await db.value(_DONE, id=about)
        for done in range(first + 1, PARTS + 1):
            async with held.pool.transaction() as db:
                await advance_work(db, Errand, row_id=about, done=done, total=PARTS)
            await between(done)

    return do_errand


async def stay(done: int) -> None:
    """Say what is done, and do nothing more."""
    print(done, flush=True)  # noqa: T201  the test reads it
    await asyncio.sleep(3600)


async def main() -> None:
    """A worker that gets no further than the first part."""
    folder, url = sys.argv[1:]
    settings = Settings(data_folder=Path(folder)).model_copy(update={"database_url": url})
    async with open_resources(settings) as held:
        await work(held, {"errand": Job(in_parts(stay), Errand)}, stale_after=STALE_AFTER)


if __name__ == "__main__":
    asyncio.run(main())
