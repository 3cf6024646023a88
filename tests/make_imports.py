"""Imports for tests: files of a few lines, and the work on them as the worker has it done."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.errors import DomainError
from app.domain.exchange import imports
from app.domain.exchange.imports import (
    Import,
    ImportRow,
    ImportSubject,
    NewImport,
    SealedFile,
    name_of,
)
from app.domain.exchange.imports.staging import hold_import
from app.domain.paging import PageRequest
from app.domain.progress import begin_work, fail_work, finish_work
from app.jobs.importing import do_import
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW

PEOPLE_HEAD = "姓名,身份证号,学校,任教学科,任教学段,职称"


def csv(head: str, *lines: str) -> bytes:
    """A file of these lines, as a spreadsheet program saves it."""
    return "\r\n".join([head, *lines, ""]).encode("utf-8-sig")


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def hand_in(
    db: Connection,
    held: Resources,
    actor: Actor,
    content: bytes,
    *,
    unit_id: UUID,
    subject: ImportSubject = ImportSubject.PEOPLE,
    now: datetime = NOW,
    **options: Any,
) -> Row:
    """A file handed in."""
    new = NewImport(subject=subject, file_name="名册.csv", unit_id=unit_id, **options)
    file = SealedFile(new_id(), held.cipher)
    await held.archive.store.write(name_of(file.import_id), file.sealed(_whole(content)))
    return await imports.create_import(db, actor, new=new, file=file, now=now)


async def work_on(db: Connection, held: Resources, pool: Pool, import_id: UUID) -> Row:
    """Have the work done that waits, as the worker would; the row of the import afterwards."""
    await begin_work(db, Import, row_id=import_id, now=NOW)
    try:
        await do_import(replace(held, pool=pool), import_id)
        await finish_work(db, Import, row_id=import_id, now=NOW)
    except DomainError as reason:
        await fail_work(db, Import, row_id=import_id, reason=reason, now=NOW)
    return await hold_import(db, import_id=import_id)


async def rows_of(db: Connection, actor: Actor, import_id: UUID) -> Sequence[Row]:
    """The rows of an import."""
    page = PageRequest(limit=100)
    return (await imports.list_import_rows(db, actor, import_id=import_id, page=page)).items


async def make_import(
    db: Connection,
    place: Row,
    by: UUID,
    *,
    applied: bool = False,
    full_roster: bool = False,
    rows: int = 1,
) -> tuple[UUID, list[UUID]]:
    """An import of people with rows that were refused, checked or entered; its key and theirs."""
    import_id, row_ids = new_id(), [new_id() for _ in range(rows)]
    counts = {
        "creates": 0,
        "changes": 0,
        "unchanged": 0,
        "rejects": rows,
        "missing": 0,
        "undone": 0,
    }
    file = {"file_name": "名册.csv", "sha256": "0" * 64, "size": 1, "stored_size": 1}
    options = {"overwrite": False, "full_roster": full_roster, "shrink_share": 10}
    work = {"work": "check", "state": "done", "done": rows, "tries": 1, "finished_at": NOW}
    await db.insert(
        Import,
        {"id": import_id, **{name: place[name] for name in PLACE}, "subject": ImportSubject.PEOPLE}
        | counts | file | options | work
        | {
            "stage": "applied" if applied else "checked", "mark": 0, "applied": int(applied),
            "created_at": NOW, "created_by": by, "asked_by": by,
        },
    )  # fmt: skip
    told = {"given": {}, "before": {}, "after": {}, "reasons": [], "label": "张"}
    refused = {"import_id": import_id, "action": "reject", "state": "staged"}
    for number, row_id in enumerate(row_ids, 2):
        await db.insert(ImportRow, {"id": row_id, "number": number, **refused, **told})
    return import_id, row_ids
