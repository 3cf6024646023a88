"""Reading the pieces of a volume again, and what is hashed of one."""

import json
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.quality.archive_volumes.table import ArchivePiece
from app.sql import Connection, Row, Statement


def spelt(value: Any) -> bytes:
    """The one spelling of texts, numbers, lists and objects over which a hash is taken."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode()


def hash_of(kind: str, title: str, made_on: str, content: Mapping[str, Any], salt: str) -> str:
    """The hash of a piece: over what it is, what it says, and its salt."""
    said = {"kind": kind, "title": title, "made_on": made_on, "content": content, "salt": salt}
    return sha256(spelt(said)).hexdigest()


_PIECES = Statement(
    select(
        *(
            col(getattr(ArchivePiece, name))
            for name in (
                "number", "kind", "title", "made_on", "origin", "retention_years", "file_id",
                "sha256", "content", "salt",
            )
        )
    )
    .where(
        col(ArchivePiece.volume_id) == bindparam("volume_id", type_=Uuid),
        col(ArchivePiece.number) > bindparam("after"),
    )
    .order_by(col(ArchivePiece.number))
    .limit(bindparam("at_once"))
)  # fmt: skip


async def pieces_in_order(
    db: Connection, *, volume_id: UUID, at_once: int
) -> AsyncIterator[list[Row]]:
    """The pieces of a volume by their numbers, so many at a time: what they say may be long."""
    after = 0
    while rows := await db.all(_PIECES, volume_id=volume_id, after=after, at_once=at_once):
        yield rows
        after = rows[-1]["number"]
