"""What a batch holds: ledger entries, as JSON Lines or CSV, byte for byte the same each time.

Only columns of the ledger itself are given, which never change, its chain of hashes included. A
teacher stands by the key alone: names and numbers may be corrected, and a masked number matches
nothing; who a key is, the feed tells.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Uuid, and_, bindparam, func, literal_column, or_, select
from sqlmodel import col

from app.domain.base import MOMENT
from app.domain.credits.entries.table import CreditEntry
from app.sql import Connection, Row, Statement
from app.tabular import cell_of, csv_lines

LAYOUT = 1
"""The version of the columns below: a batch made with an older one is still written as it was."""

_COLUMNS: dict[int, tuple[str, ...]] = {
    1: (
        "id", "city_id", "teacher_id", "sequence", "kind", "source_kind", "source_id", "attempt",
        "reverses_id", "earned_on", "recorded_at", "hours", "credits", "level", "activity_kind",
        "mode", "role", "channel", "content", "awarded_rank", "awarded_posts",
        "awarded_school_id", "awarded_county_id", "pack_id", "pack_version", "rule_id", "reason",
        "recorded_by", "previous_hash", "hash",
    )
}  # fmt: skip

_encode = msgspec.json.Encoder().encode


class ContentFormat(StrEnum):
    """How the content of a batch is written."""

    JSONL = "jsonl"
    CSV = "csv"


def _entries(layout: int) -> Statement:
    columns: dict[str, Any] = {name: col(getattr(CreditEntry, name)) for name in _COLUMNS[layout]}
    for name in ("previous_hash", "hash"):
        columns[name] = func.encode(columns[name], literal_column("'hex'")).label(name)
    transaction = col(CreditEntry.change_transaction)
    start, end = (bindparam(name, type_=MOMENT) for name in ("recorded_from", "recorded_to"))
    recorded_at = col(CreditEntry.recorded_at)
    return Statement(
        select(*columns.values())
        .where(
            col(CreditEntry.city_id) == bindparam("city_id", type_=Uuid),
            transaction >= bindparam("from_transaction", type_=BigInteger),
            transaction < bindparam("before_transaction", type_=BigInteger),
            or_(start.is_(None), and_(recorded_at >= start, recorded_at < end)),
        )
        .order_by(transaction, col(CreditEntry.change_sequence))
    )


_ENTRIES = {layout: _entries(layout) for layout in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Content:
    """The entries of a city within change versions and perhaps a period of recording.

    Both methods read through a cursor: the connection must be in a transaction, and the caller has
    opened the door.
    """

    city_id: UUID
    recorded_from: datetime | None
    recorded_to: datetime | None
    from_transaction: int
    before_transaction: int
    layout: int = LAYOUT

    async def pieces(self, db: Connection, written_as: ContentFormat) -> AsyncIterator[bytes]:
        """The content, in pieces of some kilobytes."""
        write = _WRITERS[written_as]
        pending = [_head(self.layout, written_as)]
        async for row in self.rows(db):
            pending.append(write(row))
            if len(pending) == 200:
                yield b"".join(pending)
                pending.clear()
        yield b"".join(pending)

    async def figures(self, db: Connection) -> Row:
        """The counts, the sums, and the checksum of each format."""
        entries = reversals = 0
        hours = credited = Decimal(0)
        teachers: set[UUID] = set()
        hashes = {each: sha256(_head(self.layout, each)) for each in ContentFormat}
        async for row in self.rows(db):
            entries += 1
            reversals += row["reverses_id"] is not None
            hours += row["hours"]
            credited += row["credits"]
            teachers.add(row["teacher_id"])
            for each, digest in hashes.items():
                digest.update(_WRITERS[each](row))
        return {
            "entries": entries,
            "reversals": reversals,
            "teachers": len(teachers),
            "hours": hours,
            "credits": credited,
            "sha256_jsonl": hashes[ContentFormat.JSONL].digest(),
            "sha256_csv": hashes[ContentFormat.CSV].digest(),
        }

    def rows(self, db: Connection) -> AsyncIterator[Row]:
        """The entries themselves, in their order."""
        bounds = asdict(self)
        return db.stream(_ENTRIES[bounds.pop("layout")], **bounds)


def _head(layout: int, written_as: ContentFormat) -> bytes:
    """What comes before the entries: a table's mark of UTF-8 and its line of names."""
    if written_as is ContentFormat.JSONL:
        return b""
    return b"\xef\xbb\xbf" + csv_lines([_COLUMNS[layout]])


def _json_line(row: Row) -> bytes:
    return _encode(row) + b"\n"


def _csv_line(row: Row) -> bytes:
    return csv_lines([map(cell_of, row.values())])


_WRITERS: dict[ContentFormat, Callable[[Row], bytes]] = {
    ContentFormat.JSONL: _json_line,
    ContentFormat.CSV: _csv_line,
}
