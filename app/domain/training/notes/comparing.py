"""Finding notes that are nearly the same: when one is submitted, and over all of them by command.

The fingerprint of each note lies in an index by which the few that may be alike are found; only those
are compared. So a note costs the same among two hundred thousand as among two hundred.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Index,
    Integer,
    Uuid,
    any_,
    bindparam,
    func,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.base import Table
from app.domain.training.notes.note import Note
from app.domain.training.notes.resemblances import NoteResemblance, ResemblanceState
from app.domain.training.notes.shingles import ALIKE, bands_of, share_of, shingles_of
from app.sql import Connection, Row, Statement, new_id

_MOST_COMPARED = 10
"""How many of those that may be alike are compared: those with most bands in common."""
_MOST_FOUND = 1000
"""How many that may be alike are looked at: of a text that half a city handed in, some are enough."""
_AT_ONCE = 100


class NoteFingerprint(Table, table=True):
    """By what a note is found among those like it; empty where it says too little."""

    __table_args__ = (Index(None, "bands", postgresql_using="gin"),)

    note_id: UUID = Field(primary_key=True, foreign_key="note.id", sa_type=Uuid)
    bands: list[int] = Field(sa_type=ARRAY(BigInteger))


_ids, _bands = bindparam("note_ids", type_=ARRAY(Uuid)), bindparam("bands", type_=ARRAY(BigInteger))
_print = insert(NoteFingerprint).values(note_id=bindparam("note_id", type_=Uuid), bands=_bands)
_PRINT = Statement(
    _print.on_conflict_do_update(index_elements=["note_id"], set_={"bands": _print.excluded.bands})
)
_like = NoteFingerprint.__table__.alias("alike")  # type: ignore[attr-defined]
_theirs = Note.__table__.alias("theirs")  # type: ignore[attr-defined]
_mine = NoteFingerprint.__table__.alias("mine")  # type: ignore[attr-defined]
_own = Note.__table__.alias("own")  # type: ignore[attr-defined]


def _candidates(bands: Any, note_id: Any, city_id: Any) -> Any:
    """The notes of a city with most of these bands, without the note itself."""
    each = func.unnest(_like.c.bands).table_valued("band", name="each").render_derived()
    common = select(func.count()).select_from(each).where(each.c.band == any_(bands))
    found = (
        select(
            _theirs.c.id,
            _theirs.c.version,
            _theirs.c.text,
            common.correlate(_like, _mine).label("common"),
        )
        .join_from(_like, _theirs, _like.c.note_id == _theirs.c.id)
        .where(
            _like.c.bands.bool_op("&&")(bands),
            _like.c.note_id != note_id,
            _theirs.c.city_id == city_id,
        )
        .limit(_MOST_FOUND)
        .correlate(_mine, _own)
        .lateral("like_it")
    )
    return (
        select(found.c.id, found.c.version, found.c.text)
        .order_by(found.c.common.desc(), found.c.id)
        .limit(_MOST_COMPARED)
    )


_ALIKE = Statement(
    _candidates(_bands, bindparam("note_id", type_=Uuid), bindparam("city_id", type_=Uuid))
)
_keep = insert(NoteResemblance)


async def compare_note(db: Connection, *, note: Row, city_id: UUID, now: datetime) -> None:
    """Keep a note's fingerprint, and queue the notes of the city that are nearly the same."""
    shingles = shingles_of(note["text"])
    bands = bands_of(shingles)
    await db.run(_PRINT, note_id=note["id"], bands=bands)
    if bands:
        alike = await db.all(_ALIKE, note_id=note["id"], bands=bands, city_id=city_id)
        await _queue(db, _resembling(note, shingles, alike, now))


def _resembling(
    note: Row, shingles: frozenset[str], others: Sequence[Row], now: datetime
) -> list[Row]:
    """A row for each of the others that is nearly the same."""
    rows = []
    for other in others:
        share = share_of(shingles, shingles_of(other["text"]))
        if share >= ALIKE:
            one, two = sorted((note, other), key=lambda each: each["id"])
            rows.append({
                "id": new_id(), "note_id": one["id"], "note_version": one["version"],
                "other_id": two["id"], "other_version": two["version"], "share": share,
                "found_at": now,
            })  # fmt: skip
    return rows


_COLUMNS = ("id", "note_id", "note_version", "other_id", "other_version", "share", "found_at")
_arrays = [
    bindparam(name, type_=ARRAY(NoteResemblance.__table__.c[name].type))  # type: ignore[attr-defined]
    for name in _COLUMNS
]
_rows = func.unnest(*_arrays).table_valued(*_COLUMNS).render_derived()
_QUEUE = Statement(
    _keep.from_select(
        [*_COLUMNS, "state"],
        select(
            *(_rows.c[name] for name in _COLUMNS),
            bindparam("state", type_=NoteResemblance.__table__.c.state.type),  # type: ignore[attr-defined]
        ),
        include_defaults=False,
    ).on_conflict_do_nothing()
)


async def _queue(db: Connection, rows: Sequence[Row]) -> int:
    """Queue what has not been queued in these versions before; how many that are."""
    if not rows:
        return 0
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    return await db.run(_QUEUE, state=ResemblanceState.OPEN, **columns)


# Over all of them, for what was there before and for two that were submitted at one instant.

_UNPRINTED = Statement(
    select(col(Note.id), col(Note.text))
    .outerjoin_from(Note, NoteFingerprint, col(Note.id) == col(NoteFingerprint.note_id))
    .where(col(NoteFingerprint.note_id).is_(None))
    .order_by(col(Note.id))
    .limit(bindparam("limit", type_=Integer))
)
_given = func.unnest(_ids, _bands).table_valued("note_id", "band", name="given").render_derived()
_PRINT_ALL = Statement(
    insert(NoteFingerprint)
    .from_select(
        ["note_id", "bands"],
        select(
            _given.c.note_id,
            func.array_remove(func.array_agg(_given.c.band), null(), type_=ARRAY(BigInteger)),
        ).group_by(_given.c.note_id),
        include_defaults=False,
    )
    .on_conflict_do_nothing()
)
"""What says too little comes with null for its one band, and is kept without any."""
_AFTER = Statement(
    select(col(Note.id), col(Note.version), col(Note.text))
    .where(col(Note.id) > bindparam("after", type_=Uuid))
    .order_by(col(Note.id))
    .limit(bindparam("limit", type_=Integer))
)
_lateral = _candidates(_mine.c.bands, _own.c.id, _own.c.city_id).lateral("found")
_ALIKE_OF = Statement(
    select(_own.c.id.label("of_id"), *_lateral.c)
    .select_from(_own.join(_mine, _own.c.id == _mine.c.note_id).join(_lateral, true()))
    .where(_own.c.id == any_(_ids), func.cardinality(_mine.c.bands) > 0)
)


async def print_notes(db: Connection) -> int:
    """Keep the fingerprints of a hundred notes that have none yet; how many there were."""
    notes = await db.all(_UNPRINTED, limit=_AT_ONCE)
    pairs = [
        (note["id"], band)
        for note in notes
        for band in bands_of(shingles_of(note["text"])) or (None,)
    ]
    if pairs:
        note_ids, bands = zip(*pairs, strict=True)
        await db.run(_PRINT_ALL, note_ids=list(note_ids), bands=list(bands))
    return len(notes)


async def compare_notes(db: Connection, *, after: UUID, now: datetime) -> tuple[UUID | None, int]:
    """Compare the hundred notes after a key with all of their city.

    The last key, None where there was none; and how many resemblances were queued.
    """
    notes = {note["id"]: note for note in await db.all(_AFTER, after=after, limit=_AT_ONCE)}
    if not notes:
        return None, 0
    shingles = {key: shingles_of(note["text"]) for key, note in notes.items()}
    rows: list[Row] = []
    for other in await db.all(_ALIKE_OF, note_ids=list(notes)):
        mine = other["of_id"]
        rows += _resembling(notes[mine], shingles[mine], [other], now)
    return max(notes), await _queue(db, rows)
