"""Imports in the background: a file is checked, entered or taken back, each part in its own transaction."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import BinaryIO
from uuid import UUID

from app.domain.exchange import imports
from app.domain.exchange.imports import FileUnreadable, ImportStage, ImportWork, SealedFile
from app.domain.exchange.imports.staging import hold_import
from app.jobs.acting import acting_as, under_ceiling
from app.request import Resources, now
from app.sql import Row
from app.tabular import UnreadableFile, read_rows, read_some

Part = Callable[..., Awaitable[bool]]
_STAGED_AT_ONCE = 1_000
"""Rows of one part of a check: what is made of them takes the event loop for some milliseconds."""


async def do_import(held: Resources, import_id: UUID) -> None:
    """Do the work that the row of an import names, from where it was left."""
    async with held.pool.transaction() as db:
        run = await hold_import(db, import_id=import_id)
    if run["work"] == ImportWork.CHECK:
        if run["stage"] == ImportStage.RECEIVED:
            await _check(held, run)
    elif run["work"] == ImportWork.APPLY:
        while await _do_part(held, run, "apply_import", imports.apply_part):
            pass
    else:
        while await _do_part(held, run, "undo_import", imports.undo_part):
            pass


async def _check(held: Resources, run: Row) -> None:
    try:
        async with _file_of(held, run) as file:
            async for lines in read_some(read_rows(file), _STAGED_AT_ONCE):
                async with held.pool.transaction() as db:
                    await imports.stage_part(
                        db, import_id=run["id"], lines=lines, cipher=held.cipher, now=now()
                    )
    except UnreadableFile as fault:
        raise FileUnreadable(fault) from None
    async with held.pool.transaction() as db:
        await imports.finish_check(db, import_id=run["id"])


@asynccontextmanager
async def _file_of(held: Resources, run: Row) -> AsyncIterator[BinaryIO]:
    """The file of an import, opened into one without a name, which nobody else can read."""
    with tempfile.TemporaryFile() as file:
        sealed = SealedFile(run["id"], held.cipher)
        async for piece in sealed.opened(held.archive.store, run["stored_size"]):
            file.write(piece)
        yield file


async def _do_part(held: Resources, run: Row, operation: str, part: Part) -> bool:
    """Do one part in a transaction of its own, as whoever asked; whether more is left."""
    asked_by, about = run["asked_by"], run["id"]
    async with acting_as(held, asked_by, operation=operation, target_id=about) as (db, account):
        actor = under_ceiling(account, run)
        return await part(db, actor, import_id=about, cipher=held.cipher, now=now())
