"""Rows that are known (已知行): what an import has wholly entered, and what has not changed since.

A nightly file says nearly what it said the night before. Such a row is found by its digest in one
statement, before anything of it is read: it would change nothing.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.errors import Unavailable
from app.domain.exchange.imports.kind import Ground, ImportAction, ImportKind
from app.domain.exchange.imports.row import ImportOrigin, ImportRow, RowState
from app.sql import Connection, Statement, new_id
from app.tabular import SourceRow

_encode = msgspec.json.encode


def digests_of(kind: ImportKind, ground: Ground, lines: Sequence[SourceRow]) -> list[bytes | None]:
    """A digest of each line under its headers, as it is meant in this place; None where it is faulty."""
    if kind.stamp is None:
        return [None] * len(lines)
    index, place = ground.cipher.blind_index, f"import|{kind.subject}|{ground.unit_id}|"
    return [None if line.faults else index(place + _encode(line.cells).decode()) for line in lines]


_TYPES: dict[str, Any] = {"id": Uuid(), "number": Integer(), "digest": LargeBinary()}


def _lines(*names: str) -> Any:
    arrays = [bindparam(name, type_=ARRAY(_TYPES[name], dimensions=1)) for name in names]
    return func.unnest(*arrays).table_valued(*names).render_derived()


def _origin_of(lines: Any, *names: str) -> Any:
    """Of each line what was kept last under its digest: looked up one by one, however much is kept.

    A file that says again what it said before leaves the same digest at two facts, or two records of a
    person: only the later one can still be as it was wanted.
    """
    chosen = (col(getattr(ImportOrigin, name)) for name in names)
    # With the limit the planner looks up each, and does not compare the stamps of all that is kept.
    found = (
        select(*chosen)
        .where(col(ImportOrigin.digest) == lines.c.digest)
        .order_by(col(ImportOrigin.row_id).desc())
        .limit(literal(1))
    )
    return found.lateral("origin")


@lru_cache(maxsize=16)
def _known(kind: ImportKind, stamp: Callable[[Any], Any]) -> Statement:
    lines = _lines("number", "digest")
    origin = _origin_of(lines, "thing_id", "row_id", "subject", "stamp")
    return Statement(
        select(lines.c.number)
        .select_from(lines.join(origin, true()))
        .where(
            origin.c.subject == literal(kind.subject.value),
            stamp(origin.c.thing_id) == origin.c.stamp,
            # Of a cancelled import the rows are forgotten.
            exists().where(col(ImportRow.id) == origin.c.row_id),
        )
    )


def _keep() -> Statement:
    lines = _lines("id", "number", "digest")
    origin = _origin_of(lines, "thing_id", "row_id")
    table: Any = ImportRow.__table__  # type: ignore[attr-defined]
    same = ("key", "label", "unit_id")
    said = {
        "id": lines.c.id,
        "import_id": bindparam("import_id", type_=Uuid),
        "number": lines.c.number,
        "digest": lines.c.digest,
        "target_id": origin.c.thing_id,
        "action": literal(ImportAction.UNCHANGED.value),
        "state": literal(RowState.SETTLED.value),
        **{name: table.c[name] for name in same},
        **{name: cast(literal("{}", Text), JSONB) for name in ("given", "before", "after")},
        "reasons": cast(literal("[]", Text), JSONB),
    }
    rows = select(*said.values()).select_from(
        lines.join(origin, true()).join(table, table.c.id == origin.c.row_id)
    )
    return Statement(insert(table).from_select(list(said), rows, include_defaults=False))


_KEEP = _keep()

Numbered = Sequence[tuple[int, bytes | None]]
"""Lines by their numbers, each with its digest."""


async def find_known(db: Connection, *, kind: ImportKind, lines: Numbered) -> set[int]:
    """The numbers of those lines that would change nothing."""
    found = [(number, digest) for number, digest in lines if digest is not None]
    if kind.stamp is None or not found:
        return set()
    numbers, digests = zip(*found, strict=True)
    rows = await db.records(_known(kind, kind.stamp), number=numbers, digest=digests)
    return {row["number"] for row in rows}


async def stage_known(db: Connection, *, import_id: UUID, lines: Numbered) -> None:
    """Stage lines that are known: what they are about is what it was."""
    if lines:
        numbers, digests = zip(*lines, strict=True)
        keys = [new_id() for _ in lines]
        kept = await db.run(_KEEP, import_id=import_id, id=keys, number=numbers, digest=digests)
        if kept != len(lines):
            # They were looked up a part earlier: by now some are known no longer, and all are looked at anew.
            raise Unavailable
