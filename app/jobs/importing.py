"""Imports in the background: a file is checked, entered or taken back, each part in its own transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import BinaryIO
from uuid import UUID

from app.domain.exchange import imports
from app.domain.exchange.imports import (
    Ahead,
    FilePart,
    FileUnreadable,
    ImportStage,
    ImportWork,
    SealedFile,
)
from app.domain.exchange.imports.staging import hold_import
from app.jobs.acting import acting_as, read_asker
from app.request import Resources, now
from app.sql import Row
from app.tabular import UnreadableFile, is_workbook, read_rows, read_some

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
        apply = partial(imports.apply_part, ahead=Ahead())
        while await _do_part(held, run, "apply_import", apply):
            pass
    else:
        while await _do_part(held, run, "undo_import", imports.undo_part):
            pass


async def _check(held: Resources, run: Row) -> None:
    try:
        sealed = SealedFile(run["id"], held.cipher)
        async with (
            sealed.laid_open(held.archive.store, run["stored_size"]) as file,
            place_for(held, file),
        ):
            part: FilePart | None = None
            async for lines in read_some(read_rows(file), _STAGED_AT_ONCE):
                part, before = FilePart(lines), part
                if before is not None:
                    await _stage(held, run, before, part)
            if part is not None:
                await _stage(held, run, part)
    except UnreadableFile as fault:
        raise FileUnreadable(fault) from None
    async with held.pool.transaction() as db:
        await imports.finish_check(db, import_id=run["id"])


async def _stage(
    held: Resources, run: Row, part: FilePart, following: FilePart | None = None
) -> None:
    """Stage some lines while the following are read, if whoever asked could still ask."""
    async with held.pool.transaction() as db:
        await read_asker(db, run["asked_by"], run)
        await imports.stage_part(
            db,
            import_id=run["id"],
            part=part,
            following=following,
            cipher=held.cipher.of_now(),
            now=now(),
        )


@asynccontextmanager
async def place_for(held: Resources, file: BinaryIO) -> AsyncIterator[None]:
    """A place of those who read a workbook, for a file that is one."""
    async with held.workbooks if is_workbook(file) else nullcontext():
        yield


async def _do_part(held: Resources, run: Row, operation: str, part: Part) -> bool:
    """Do one part in a transaction of its own, as whoever asked; whether more is left."""
    asked_by, about = run["asked_by"], run["id"]
    async with acting_as(
        held, asked_by, operation=operation, target_id=about, asked=run
    ) as (db, actor):  # fmt: skip
        return await part(db, actor, import_id=about, cipher=held.cipher.of_now(), now=now())
