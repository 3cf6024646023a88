"""Applying (导入): the staged rows are entered part by part, each in a transaction with its mark.

Whatever ends the work, it goes on behind the mark, so that every row is entered once. What is kept may
have changed since the check: each part is compared anew, under locks, and does what is right by then.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.exchange.imports.checking import count_rows
from app.domain.exchange.imports.kind import Draft, Ground, ImportAction, ImportKind
from app.domain.exchange.imports.reading import read_draft
from app.domain.exchange.imports.row import ImportRow, RowState
from app.domain.exchange.imports.run import Import, ImportStage
from app.domain.exchange.imports.staging import (
    compare_drafts,
    draft_of,
    ground_of,
    hold_at_work,
    kind_of,
    record_drafts,
    remember_origins,
    require_writer,
    try_parts,
)
from app.domain.people.identity import PersonalDataCipher
from app.domain.progress import advance_work
from app.sql import Connection, Row, Statement

_NEXT = Statement(
    select(
        *(
            col(getattr(ImportRow, name))
            for name in ("id", "number", "digest", "given", "given_sealed", "key", "label")
        )
    )
    .where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportRow.number) > bindparam("mark", type_=Integer),
        col(ImportRow.state) == RowState.STAGED,
        col(ImportRow.action) != ImportAction.REJECT,
    )
    .order_by(col(ImportRow.number))
    .limit(bindparam("part", type_=Integer))
)


@dataclass
class Ahead:
    """The next rows of an import, read in a thread while those before them are written."""

    mark: int = -1
    rows: list[Row] = field(default_factory=list)
    drafts: "asyncio.Future[list[Draft]] | None" = None

    async def begin(self, db: Connection, kind: ImportKind, ground: Ground, *, mark: int) -> None:
        """Have the rows behind the mark read."""
        rows = await db.all(_NEXT, import_id=ground.import_id, mark=mark, part=kind.part)

        def read() -> list[Draft]:
            drafts = [draft_of(row, ground) for row in rows]
            for row, draft in zip(rows, drafts, strict=True):
                # Whom it is about was found out when it was staged, and is in what it says.
                draft.key, draft.label = row["key"], row["label"]
                read_draft(kind, draft, ground)
            return drafts

        self.mark, self.rows = mark, rows
        self.drafts = asyncio.ensure_future(asyncio.to_thread(read))

    async def take(
        self, db: Connection, kind: ImportKind, ground: Ground, *, mark: int
    ) -> tuple[list[Row], list[Draft]]:
        """The rows behind the mark, and what they say; those behind them are read from now on."""
        if self.drafts is None or self.mark != mark:
            await self.begin(db, kind, ground, mark=mark)
        rows, drafts = self.rows, self.drafts
        if rows:
            await self.begin(db, kind, ground, mark=rows[-1]["number"])
        return rows, await drafts if drafts is not None else []


async def apply_part(
    db: Connection,
    actor: Actor,
    *,
    import_id: UUID,
    cipher: PersonalDataCipher,
    now: datetime,
    ahead: Ahead | None = None,
) -> bool:
    """Enter the next rows of an import; whether there were any. Rows that cannot be are set apart.

    Nobody repairs a row while this goes on, so that the rows behind may be read `ahead`.
    """
    run = await hold_at_work(db, import_id=import_id)
    kind = kind_of(run)
    require_writer(actor, kind, run)
    ground = ground_of(run, cipher, now)
    rows, drafts = await (ahead or Ahead()).take(db, kind, ground, mark=run["mark"])
    if not rows:
        said = await count_rows(db, import_id=import_id)
        said |= {"stage": ImportStage.APPLIED, "applied_at": now, "mark": 0}
        await db.change(Import, import_id, said)
        return False
    await enter_rows(db, actor, run=run, ground=ground, rows=rows, drafts=drafts)
    entered = sum(draft.does for draft in drafts)
    said = {"mark": rows[-1]["number"], "applied": run["applied"] + entered}
    await db.change(Import, import_id, said)
    await advance_work(db, Import, row_id=import_id, done=run["done"] + len(rows))
    return True


async def enter_rows(
    db: Connection,
    actor: Actor,
    *,
    run: Row,
    ground: Ground,
    rows: Sequence[Row],
    drafts: Sequence[Draft],
) -> None:
    """Enter these rows of an import that is held, as drafts, and keep what became of each."""
    kind = kind_of(run)
    await compare_drafts(
        db, kind=kind, ground=ground, drafts=drafts, overwrite=run["overwrite"], lock=True
    )

    found = {draft.row_id: (draft.target_id, draft.after, draft.reasons) for draft in drafts}

    async def write(part: Sequence[Draft]) -> None:
        for draft in part:
            # What an attempt that was refused had made, and said, is gone again.
            target_id, after, reasons = found[draft.row_id]
            draft.target_id, draft.after, draft.reasons = target_id, dict(after), list(reasons)
        await kind.write(db, actor, ground, part)

    await try_parts(
        db,
        items=[draft for draft in drafts if draft.does],
        do=write,
        refuse=Draft.refuse,
    )
    for draft in drafts:
        if draft.refused and draft.does:
            draft.action = ImportAction.REJECT
            draft.target_id, draft.after, _ = found[draft.row_id]
    sealed = {row["id"]: row["given_sealed"] for row in rows}
    await record_drafts(db, drafts=drafts, sealed=sealed, now=ground.now)
    await remember_origins(db, kind=kind, import_id=run["id"], drafts=drafts)
