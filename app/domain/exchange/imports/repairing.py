"""Repairing (修正): a row that was set apart is put right, and entered by itself if the others were."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.exchange.imports.applying import enter_rows
from app.domain.exchange.imports.checking import count_rows
from app.domain.exchange.imports.kind import ImportAction
from app.domain.exchange.imports.reading import fields_of, given_of
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
            for name in ("id", "import_id", "number", "action", "given", "given_sealed")
        )
    )
    .where(col(ImportRow.id) == bindparam("row_id", type_=Uuid))
    .with_for_update()
)


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
    texts = {cell.column: cell.text for cell in repair.cells}
    fields, unknown = fields_of(kind, texts)
    if unknown:
        raise ColumnUnknown(known="、".join(column.zh for column in kind.columns))
    draft = draft_of(row, ground)
    cleared = set(fields.values())
    draft.given = {
        name: text for name, text in draft.given.items() if name not in cleared
    } | given_of(fields, texts)
    await compare_drafts(
        db, kind=kind, ground=ground, drafts=[draft], overwrite=run["overwrite"], lock=False
    )
    kept = row_of(kind, draft, ground)
    values = {name: kept[name] for name in kept.keys() - {"id", "import_id", "number"}}
    await db.change(ImportRow, row_id, values)
    if run["stage"] == ImportStage.APPLIED and not draft.refused:
        [entered] = await enter_rows(db, actor, run=run, rows=[row | kept], cipher=cipher, now=now)
        if entered.does:
            await db.change(Import, run["id"], {"applied": run["applied"] + 1})
    await db.change(Import, run["id"], await count_rows(db, import_id=run["id"]))
    return await IMPORT_ROWS.get(db, actor, row_id)
