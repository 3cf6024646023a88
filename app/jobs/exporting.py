"""Exports, made by a worker: read as whoever asked may read them now, written into the file store."""

from uuid import UUID

from app.domain.access.kept_rights import keeps_rights
from app.domain.access.walled import wall_of
from app.domain.exchange.exports import (
    Export,
    ExportRightsTaken,
    keep_export,
    read_asked,
    write_export,
)
from app.domain.progress import advance_work
from app.jobs.acting import acting_as, read_asker
from app.request import Resources, now


async def make_export(held: Resources, about: UUID) -> None:
    """Make the file anew from its beginning, however often: only a whole one is ever there.

    The list is read in one read-only transaction, so that the file shows one state of the register: it
    locks nothing and holds up nobody who writes. The rights of who asked are those of its beginning:
    where some were taken away before its end, there is no file.
    """
    async with held.pool.connection() as db:
        asked = await read_asked(db, export_id=about)
    async with acting_as(
        held, asked["account_id"], operation="write_export", target_id=about, asked=asked
    ) as (_, actor):
        pass

    async def note(done: int) -> None:
        async with held.pool.transaction() as db:
            present = await read_asker(db, asked["account_id"], asked)
            if not keeps_rights(actor, present):
                raise ExportRightsTaken
            await advance_work(db, Export, row_id=about, done=done)

    async with held.pool.transaction(read_only=True, wall=wall_of(actor)) as db:
        size, sha256 = await write_export(
            db, actor, asked=asked, store=held.archive.store, now=now(), note=note
        )
    async with held.pool.transaction() as db:
        await keep_export(db, export_id=about, size=size, sha256=sha256, now=now())
