"""Taking back (撤回): what an import has done is undone, the last row first, part by part.

What was changed since, or what other records rest on by now, stays, and its row says so.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, any_, bindparam, delete, func, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import Ground, ImportAction, ImportKind
from app.domain.exchange.imports.reasons import RestedOn, reason_of
from app.domain.exchange.imports.row import ImportOrigin, ImportRow, RowState
from app.domain.exchange.imports.run import Import, ImportStage
from app.domain.exchange.imports.staging import (
    ground_of,
    hold_at_work,
    kind_of,
    require_writer,
    try_parts,
)
from app.domain.people.identity import PersonalDataCipher
from app.domain.progress import advance_work
from app.sql import Connection, Row, Statement

LAST = 2**31 - 1
"""The mark before anything was taken back."""
_PART = 500

_NEXT = Statement(
    select(
        *(
            col(getattr(ImportRow, name))
            for name in (
                "id", "number", "action", "key", "target_id", "before", "after", "reasons",
                "applied_at",
            )
        )
    )
    .where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportRow.number) < bindparam("mark", type_=Integer),
        col(ImportRow.state) == RowState.APPLIED,
    )
    .order_by(col(ImportRow.number).desc())
    .limit(_PART)
)  # fmt: skip
_REMOVE = Statement(
    select(
        func.take_back_import_rows(
            bindparam("import_id", type_=Uuid), bindparam("row_ids", type_=ARRAY(Uuid))
        )
    )
)
"""Removed by the database itself, which knows what refers to it; the application may remove nothing."""
_FORGET = Statement(
    delete(ImportOrigin).where(
        col(ImportOrigin.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportOrigin.thing_id) == any_(bindparam("thing_ids", type_=ARRAY(Uuid))),
    )
)
_table: Any = ImportRow.__table__  # type: ignore[attr-defined]


def _record() -> Statement:
    names = ("id", "state", "reasons")
    arrays = [bindparam(name, type_=ARRAY(_table.c[name].type, dimensions=1)) for name in names]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return Statement(
        update(_table)
        .where(_table.c.id == rows.c.id)
        .values(state=rows.c.state, reasons=rows.c.reasons)
    )


_RECORD = _record()


async def undo_part(
    db: Connection, actor: Actor, *, import_id: UUID, cipher: PersonalDataCipher, now: datetime
) -> bool:
    """Take back the rows before the mark; whether there were any."""
    run = await hold_at_work(db, import_id=import_id)
    kind, ground = kind_of(run), ground_of(run, cipher, now)
    require_writer(actor, kind, run)
    rows = await db.all(_NEXT, import_id=import_id, mark=run["mark"])
    if not rows:
        await db.change(Import, import_id, {"stage": ImportStage.UNDONE})
        return False
    if kind.hold is not None:
        await kind.hold(db, ground, [row["target_id"] for row in rows])
    kept: dict[UUID, DomainError] = {}
    for action in (ImportAction.CHANGE, ImportAction.CREATE):
        part = [row for row in rows if row["action"] == action]
        await _take_back(db, actor, kind, ground, part, action, kept)
    gone = [row["target_id"] for row in rows if row["id"] not in kept]
    await db.run(_FORGET, import_id=import_id, thing_ids=gone)
    await db.run(_RECORD, **_recorded(rows, kept))
    said = {"mark": rows[-1]["number"], "undone": run["undone"] + len(rows) - len(kept)}
    await db.change(Import, import_id, said)
    await advance_work(db, Import, row_id=import_id, done=run["done"] + len(rows))
    return True


def _recorded(rows: Sequence[Row], kept: dict[UUID, DomainError]) -> dict[str, list[Any]]:
    """What became of each row, and why some stay."""
    return {
        "id": [row["id"] for row in rows],
        "state": [RowState.KEPT if row["id"] in kept else RowState.UNDONE for row in rows],
        "reasons": [
            [*row["reasons"], *([reason_of(kept[row["id"]])] if row["id"] in kept else [])]
            for row in rows
        ],
    }


async def _take_back(
    db: Connection,
    actor: Actor,
    kind: ImportKind,
    ground: Ground,
    rows: Sequence[Row],
    action: ImportAction,
    kept: dict[UUID, DomainError],
) -> None:
    """Take back rows of one action; those that stay are added to `kept`, with the reason."""
    if not rows:
        return
    undo = kind.restore if action is ImportAction.CHANGE else kind.remove
    if undo is None:
        ids = [row["id"] for row in rows]
        gone = set(await db.value(_REMOVE, import_id=ground.import_id, row_ids=ids))
        kept |= {row_id: RestedOn() for row_id in ids if row_id not in gone}
        return
    take_back = undo

    async def do(part: Sequence[Row]) -> None:
        await take_back(db, actor, ground, part)

    def refuse(row: Row, reason: DomainError) -> None:
        kept[row["id"]] = reason

    await try_parts(db, items=rows, do=do, refuse=refuse)
