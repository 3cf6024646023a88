"""Repairing (修正): a row that was set apart is put right, and entered by itself if the others were."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import String, Uuid, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.imports.applying import enter_rows
from app.domain.exchange.imports.checking import count_absent, count_rows
from app.domain.exchange.imports.kind import Draft, ImportAction, ImportKind
from app.domain.exchange.imports.reading import fields_of, given_of
from app.domain.exchange.imports.reasons import RowRepeated
from app.domain.exchange.imports.requesting import ImportNotChecked, hold_idle
from app.domain.exchange.imports.row import IMPORT_ROWS, ImportRow
from app.domain.exchange.imports.run import Import, ImportStage
from app.domain.exchange.imports.staging import (
    compare_drafts,
    draft_of,
    ground_of,
    kind_of,
    row_of,
)
from app.domain.people.identity import PersonalDataCipher
from app.sql import Connection, Row, Statement


class RepairedCell(Command):
    """What a cell of a row should say."""

    column: str = Field(min_length=1, max_length=100, description="表头或字段 / header, or field")
    text: str = Field(
        max_length=500, description="内容，空为清除 / what it says; nothing clears it"
    )


class RowRepair(Command):
    """What a row that was set apart should say."""

    cells: list[RepairedCell] = Field(
        min_length=1, max_length=40, description="改正的单元格 / cells that are put right"
    )


# What can be refused.


class RowNotSetApart(Conflict):
    """Only what was refused is repaired."""

    code = "import_row_not_set_apart"
    zh = "只能修正被拒绝的行。"
    en = "Only a row that was refused can be repaired."


class ColumnUnknown(Invalid):
    """A file of this kind has no such column."""

    code = "import_column_unknown"
    zh = "此类文件没有该列，可用：{known}。"
    en = "A file of this kind has no such column; there are: {known}."


# What may be done.

_ROW = Statement(
    select(
        *(
            col(getattr(ImportRow, name))
            for name in ("id", "import_id", "number", "digest", "action", "given", "given_sealed")
        )
    )
    .where(col(ImportRow.id) == bindparam("row_id", type_=Uuid))
    .with_for_update()
)


_FIRST = Statement(
    select(func.min(col(ImportRow.number))).where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportRow.key) == bindparam("key", type_=String),
        col(ImportRow.id) != bindparam("row_id", type_=Uuid),
        col(ImportRow.action) != ImportAction.REJECT,
    )
)
"""The row that is about the same, and stands: wherever in the file, it was not refused."""


def _repaired(kind: ImportKind, draft: Draft, repair: RowRepair) -> Draft:
    """The draft with these cells put right; what is not named stays as it was."""
    texts = {cell.column: cell.text for cell in repair.cells}
    fields, unknown = fields_of(kind, texts)
    if unknown:
        raise ColumnUnknown(known="、".join(column.zh for column in kind.columns))
    # It is no longer what the file says.
    draft.digest, cleared = None, set(fields.values())
    draft.given = {
        name: text for name, text in draft.given.items() if name not in cleared
    } | given_of(fields, texts)
    return draft


async def repair_import_row(
    db: Connection,
    actor: Actor,
    *,
    row_id: UUID,
    repair: RowRepair,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """Put a refused row right. If the import was entered, so is the row, or it says why it still cannot be.

    What is not named of it stays as it was.
    """
    shown = await IMPORT_ROWS.get(db, actor, row_id)
    run = await hold_idle(db, actor, import_id=shown["import_id"])
    row = await db.one(_ROW, row_id=row_id)
    if row is None or row["action"] != ImportAction.REJECT:
        raise RowNotSetApart
    if run["stage"] == ImportStage.UNDONE:
        raise ImportNotChecked
    kind, ground = kind_of(run), ground_of(run, cipher, now)
    draft = _repaired(kind, draft_of(row, ground), repair)
    await compare_drafts(
        db, kind=kind, ground=ground, drafts=[draft], overwrite=run["overwrite"], lock=False
    )
    first = await db.value(_FIRST, import_id=run["id"], key=draft.key, row_id=row_id)
    if first is not None:
        draft.refuse(RowRepeated(first=first))
        draft.action = ImportAction.REJECT
    kept = row_of(kind, draft, ground)
    values = {name: kept[name] for name in kept.keys() - {"id", "import_id", "number"}}
    await db.change(ImportRow, row_id, values)
    if run["stage"] == ImportStage.APPLIED and not draft.refused:
        again = draft_of(row | kept, ground)
        await enter_rows(db, actor, run=run, ground=ground, rows=[row | kept], drafts=[again])
        if again.does:
            await db.change(Import, run["id"], {"applied": run["applied"] + 1})
    said = await count_rows(db, import_id=run["id"])
    if run["stage"] != ImportStage.APPLIED:
        said |= await count_absent(db, kind=kind, run=run)
    await db.change(Import, run["id"], said)
    return await IMPORT_ROWS.get(db, actor, row_id)
