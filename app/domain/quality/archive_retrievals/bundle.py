"""The bundle of a volume: a ZIP that is made while it is sent, in memory that does not grow with the volume.

It holds the seal, the cover with the index in PDF, and for every so many pieces what they say, in PDF and as
JSON Lines; then the files. A file goes along where whoever asks may open it: one that shows pupils stays
with those of its unit (R211).
"""

import zipfile
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.credits.certificates import Press
from app.domain.quality.archive_retrievals.retrieval import get_retrieved_volume
from app.domain.quality.archive_retrievals.words import shown_facts
from app.domain.quality.archive_volumes import (
    PIECE_WORDS,
    SCHOOL_NAME,
    ArchivePiece,
    PieceKind,
    pieces_in_order,
    spelt,
)
from app.domain.training.files import FILES, saved_name, stored_name
from app.sql import Connection, Row, Statement
from app.tabular import Outlet

AT_ONCE = 10
"""Pieces that are read, and set into one document, at a time."""

_INDEX = ("number", "kind", "title", "made_on", "origin", "retention_years", "file_id", "sha256")
_LINES = Statement(
    select(*(col(getattr(ArchivePiece, name)) for name in _INDEX))
    .where(col(ArchivePiece.volume_id) == bindparam("volume_id", type_=Uuid))
    .order_by(col(ArchivePiece.number))
)


# What may be asked.


async def stream_archive_bundle(
    db: Connection, actor: Actor, *, retrieval_id: UUID, press: Press, now: datetime
) -> AsyncIterator[bytes]:
    """The bundle of what the actor retrieved, piece by piece; within a transaction of one state."""
    volume = await get_retrieved_volume(db, actor, retrieval_id=retrieval_id, now=now)
    out = Outlet()
    # Stored, not packed: documents and pictures are packed in themselves.
    archive = zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_STORED)
    if volume["seal"] is not None:
        archive.writestr("seal.jwt", volume["seal"])
    index = await _index_of(db, volume)
    archive.writestr("index.pdf", await press.typesetter.typeset("archive_index", index, at=now))
    yield out.take()
    async for rows in pieces_in_order(db, volume_id=volume["id"], at_once=AT_ONCE):
        name = f"pieces/{rows[0]['number']:04}-{rows[-1]['number']:04}"
        opened = await FILES.by_id(db, actor, [row["file_id"] for row in rows if row["file_id"]])
        pages = {"title": volume["title"], "pieces": [_page(row, opened) for row in rows]}
        archive.writestr(f"{name}.jsonl", b"".join(_line(row, opened) for row in rows))
        pdf = await press.typesetter.typeset("archive_pieces", pages, at=now)
        archive.writestr(f"{name}.pdf", pdf)
        yield out.take()
        for row in rows:
            file = opened.get(row["file_id"])
            if file is not None:
                async for piece in _attached(archive, out, press, row["number"], file):
                    yield piece
    archive.close()
    yield out.take()


async def _attached(
    archive: zipfile.ZipFile, out: Outlet, press: Press, number: int, file: Row
) -> AsyncIterator[bytes]:
    """A file, as fast as it is taken."""
    entry = zipfile.ZipInfo(_place_of(number, file))
    entry.file_size = file["size"]
    with archive.open(entry, "w") as written:
        async for piece in press.store.read(stored_name(file["sha256"]), 0, file["size"]):
            written.write(piece)
            yield out.take()
    yield out.take()


def _place_of(number: int, file: Row) -> str:
    return f"files/{number:04}-{saved_name(file['name'], file['media_type'])}"


async def _index_of(db: Connection, volume: Row) -> dict[str, Any]:
    """What the cover and the index say."""
    rows = await db.all(_LINES, volume_id=volume["id"])
    return {
        "title": volume["title"],
        "school": await db.value(SCHOOL_NAME, school_id=volume["school_id"]),
        "year": f"{volume['school_year']}—{volume['school_year'] + 1}学年",
        "number": f"第{volume['number']}卷",
        "count": f"共{len(rows)}件",
        "kept": _kept(volume),
        "sealed": "尚未封卷"
        if volume["sealed_at"] is None
        else f"{_day(civil_date(volume['sealed_at']))}封卷",
        "digest": volume["manifest_sha256"] or "",
        "lines": [
            [
                str(row["number"]), PIECE_WORDS[PieceKind(row["kind"])], row["title"],
                row["made_on"].isoformat(), row["origin"], _years(row["retention_years"]),
                "有" if row["file_id"] else "", row["sha256"][:12],
            ]
            for row in rows
        ],
    }  # fmt: skip


def _kept(volume: Row) -> str:
    if volume["permanent"] is None:
        return "封卷时确定"
    return "永久" if volume["permanent"] else f"至{_day(volume['retained_until'])}（不含）"


def _years(years: int | None) -> str:
    return "永久" if years is None else f"{years}年"


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _page(row: Row, opened: Mapping[UUID, Row | None]) -> dict[str, Any]:
    """A piece for the template."""
    content = dict(row["content"])
    file, origin = content.pop("file", None), content.pop("origin")
    attached = ""
    if file is not None:
        found = opened.get(row["file_id"])
        where = "不随卷提供（限本单位查阅）" if found is None else _place_of(row["number"], found)
        attached = f"{file['name']}（{where}）"
    return {
        "number": row["number"],
        "kind": PIECE_WORDS[PieceKind(row["kind"])],
        "title": row["title"],
        "made_on": _day(row["made_on"]),
        "origin": origin,
        "facts": shown_facts(content),
        "file": attached,
        "sha256": row["sha256"],
    }


def _line(row: Row, opened: Mapping[UUID, Row | None]) -> bytes:
    """A piece for machines: all over which its hash was taken, and where its file is in the bundle."""
    found = opened.get(row["file_id"])
    said = {
        "number": row["number"], "kind": row["kind"], "title": row["title"],
        "made_on": row["made_on"].isoformat(), "content": row["content"], "salt": row["salt"],
        "sha256": row["sha256"],
        "path": None if found is None else _place_of(row["number"], found),
    }  # fmt: skip
    return spelt(said) + b"\n"
