"""Adding to the ledger, and reading it for counting.

Whoever adds holds the heads of the persons' chains until the transaction ends, taken in the order of
their keys: two who add to the same ledgers wait for each other, and never in a circle.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    String,
    Uuid,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.credits.entries.chain import BEGINNING, Head, chained
from app.domain.credits.entries.table import CreditChain, CreditEntry
from app.domain.credits.rules import Entry
from app.sql import Connection, Row, Statement

Heads = dict[UUID, Head]

_COLUMNS = CreditEntry.__table__.c  # type: ignore[attr-defined]
_GIVEN = tuple(
    column.name
    for column in _COLUMNS
    if column.name not in {"change_transaction", "change_sequence"}
)
_LISTS = frozenset({"content", "awarded_posts"})


def _append() -> Statement:
    """Many entries from one array for each column.

    An array of arrays would be flattened, so lists travel as text; their codes hold no comma.
    """
    arrays = [
        bindparam(name, type_=ARRAY(String() if name in _LISTS else _COLUMNS[name].type))
        for name in _GIVEN
    ]
    rows = func.unnest(*arrays).table_valued(*_GIVEN).render_derived()
    values = [
        func.string_to_array(rows.c[name], ",") if name in _LISTS else rows.c[name]
        for name in _GIVEN
    ]
    target = bare_table(CreditEntry.__tablename__, *(bare_column(name) for name in _GIVEN))
    return Statement(insert(target).from_select(_GIVEN, select(*values)))


_APPEND = _append()

_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))
_persons = func.unnest(_teacher_ids).table_valued("teacher_id").render_derived()
_BEGIN_CHAINS = Statement(
    # Of those who have none yet, which is hardly anybody: writing a row only to hold it costs more.
    insert(CreditChain)
    .from_select(
        ["teacher_id", "sequence", "hash"],
        select(
            _persons.c.teacher_id,
            bindparam("sequence", 0, type_=Integer),
            bindparam("hash", BEGINNING, type_=LargeBinary),
        )
        .outerjoin(CreditChain, col(CreditChain.teacher_id) == _persons.c.teacher_id)
        .where(col(CreditChain.teacher_id).is_(None))
        .order_by(_persons.c.teacher_id),
    )
    .on_conflict_do_nothing()
)
_LOCK_HEADS = Statement(
    select(col(CreditChain.teacher_id), col(CreditChain.sequence), col(CreditChain.hash))
    .where(col(CreditChain.teacher_id) == any_(_teacher_ids))
    .order_by(col(CreditChain.teacher_id))
    .with_for_update()
)

_LOCK_FREE_HEADS = Statement(
    select(col(CreditChain.teacher_id))
    .where(col(CreditChain.teacher_id) == any_(_teacher_ids))
    .order_by(col(CreditChain.teacher_id))
    .with_for_update(skip_locked=True)
)

_ends = (
    func.unnest(
        _teacher_ids,
        bindparam("sequences", type_=ARRAY(Integer)),
        bindparam("hashes", type_=ARRAY(LargeBinary)),
    )
    .table_valued("teacher_id", "sequence", "hash")
    .render_derived()
)
_MOVE_HEADS = Statement(
    update(CreditChain)
    .where(col(CreditChain.teacher_id) == _ends.c.teacher_id)
    .values(sequence=_ends.c.sequence, hash=_ends.c.hash)
)


async def lock_heads(db: Connection, *, teacher_ids: Sequence[UUID]) -> Heads:
    """The heads of these persons' chains, held until the transaction ends; two statements.

    First the chains that are begun, then the heads, each in the order of their keys: whoever waits in
    the first holds nothing of the second, so that no two wait for each other.
    """
    await db.run(_BEGIN_CHAINS, teacher_ids=sorted(teacher_ids))
    rows = await db.all(_LOCK_HEADS, teacher_ids=sorted(teacher_ids))
    return {row["teacher_id"]: Head(row["sequence"], row["hash"]) for row in rows}


async def lock_free_heads(db: Connection, *, teacher_ids: Sequence[UUID]) -> list[UUID]:
    """Hold the heads of those of these persons whose chains nobody else holds; who they are."""
    rows = await db.all(_LOCK_FREE_HEADS, teacher_ids=list(teacher_ids))
    return [row["teacher_id"] for row in rows]


async def append_entries(db: Connection, *, entries: Sequence[Row], heads: Heads) -> list[Row]:
    """Add entries to the ledgers whose heads are held; the rows as they were written.

    Two statements, however many entries. What is to be counted too goes by `standings.writing.enter_entries`.
    """
    rows = chained(entries, heads)
    await write_entries(db, rows=rows, heads=heads)
    return rows


async def write_entries(db: Connection, *, rows: Sequence[Row], heads: Heads) -> None:
    """Write what is chained already, and move the heads along; two statements."""
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in _GIVEN}
    for name in _LISTS:
        columns[name] = [",".join(codes) for codes in columns[name]]
    await db.run(_APPEND, **columns)
    moved = {row["teacher_id"] for row in rows}
    await db.run(
        _MOVE_HEADS,
        teacher_ids=list(moved),
        sequences=[heads[teacher_id].sequence for teacher_id in moved],
        hashes=[heads[teacher_id].hash for teacher_id in moved],
    )


# What counting reads.

RULED = (
    "id", "teacher_id", "sequence", "kind", "earned_on", "recorded_at", "hours", "credits",
    "reverses_id", "level", "activity_kind", "mode", "role", "channel", "content", "source_kind",
    "awarded_rank", "awarded_posts", "pack_id", "pack_version", "rule_id",
)  # fmt: skip
"""The columns of an entry that a rule may ask."""

_LEDGERS = Statement(
    select(*(_COLUMNS[name] for name in RULED))
    .where(col(CreditEntry.teacher_id) == any_(_teacher_ids))
    .order_by(col(CreditEntry.teacher_id), col(CreditEntry.sequence))
)


def entry_of(row: Any) -> Entry:
    """What the rules are told of an entry."""
    return Entry(
        id=row["id"],
        sequence=row["sequence"],
        kind=row["kind"],
        earned_on=row["earned_on"],
        recorded_at=row["recorded_at"],
        hours=row["hours"],
        credits=row["credits"],
        reverses_id=row["reverses_id"],
        level=row["level"],
        activity_kind=row["activity_kind"],
        mode=row["mode"],
        role=row["role"],
        channel=row["channel"],
        content=tuple(row["content"]),
        source_kind=row["source_kind"],
        rank=row["awarded_rank"],
        posts=tuple(row["awarded_posts"]),
        pack_id=row["pack_id"],
        pack_version=row["pack_version"],
        rule_id=row["rule_id"],
    )


async def read_ledgers(db: Connection, *, teacher_ids: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """All entries of these persons, each in the order of the ledger; one statement."""
    ledgers: dict[UUID, list[Entry]] = {teacher_id: [] for teacher_id in teacher_ids}
    for record in await db.records(_LEDGERS, teacher_ids=list(ledgers)):
        ledgers[record["teacher_id"]].append(entry_of(record))
    return ledgers
