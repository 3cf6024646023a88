"""Imports in the background: a file is checked, entered or taken back, each part in its own transaction."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.exchange import imports
from app.domain.exchange.imports import FileUnreadable, ImportStage, ImportWork, SealedFile
from app.domain.exchange.imports.staging import hold_import
from app.jobs.acting import acting_as
from app.request import Resources, now
from app.sql import Row
from app.tabular import UnreadableFile, read_rows, read_some

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
        while await _enter_part(held, run):
            pass
    else:
        while await _take_back_part(held, run):
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


def _limited(actor: Actor, run: Row) -> Actor:
    """The actor with the ceiling under which it asked."""
    if run["scopes"] is None:
        return actor
    scopes = frozenset(map(Permission, run["scopes"]))
    return replace(actor, client_id=run["client_id"], scopes=scopes)


async def _enter_part(held: Resources, run: Row) -> bool:
    async with acting_as(held, run["asked_by"], operation="apply_import", target_id=run["id"]) as (
        db,
        actor,
    ):
        return await imports.apply_part(
            db, _limited(actor, run), import_id=run["id"], cipher=held.cipher, now=now()
        )


async def _take_back_part(held: Resources, run: Row) -> bool:
    async with acting_as(held, run["asked_by"], operation="undo_import", target_id=run["id"]) as (
        db,
        actor,
    ):
        return await imports.undo_part(
            db, _limited(actor, run), import_id=run["id"], cipher=held.cipher, now=now()
        )
