"""The two ledgers of a merger: what the one has is struck there and carried over into the other.

Neither chain is rewritten. Where both have an entry of one source, the one that is worth more stays (of
equals that of the ledger that stays), and the other is struck alone, saying so. Where either record's entry
of a source went to another authority, it counts there, and nothing of that source stays here.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlmodel import col

from app.domain.credits.certificates import Struck, doubt_certificates
from app.domain.credits.entries.chain import Head
from app.domain.credits.entries.ledger import append_entries
from app.domain.credits.entries.table import CreditEntry, CreditEntryFields
from app.domain.credits.packs.parts import EntryKind
from app.domain.credits.reversals import GONE, reversal_of, struck_by
from app.domain.people.teachers import Teacher
from app.sql import Connection, Row, Statement, new_id

CARRIED_OVER = (
    "同一人重复登记，合并至 {other}，转入为记录 {entry}。"
    " / One person entered twice: carried over to {other} as entry {entry}."
)
STRUCK_ALONE = (
    "同一人重复登记，合并至 {other}；同一来源已有记录 {entry}，只冲销不转入。"
    " / One person entered twice: {other} has entry {entry} of the same source, which stays."
)
STRUCK_AS_GONE = (
    "同一人重复登记，与 {other} 合并；同一来源的学分已转至其他主管部门，只冲销不转入。"
    " / One person entered twice, as {other} too: credit of the same source went to another authority."
)
COMES_FROM = (
    "同一人重复登记，由 {other} 的记录 {entry} 转入。"
    " / One person entered twice: carried over from entry {entry} of {other}."
)

_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))
_ENTRIES = Statement(
    select(
        *(col(getattr(CreditEntry, name)) for name in ("id", *CreditEntryFields.model_fields)),
        _reversal.c.id.is_not(None).label("reversed"),
        func.coalesce(_reversal.c.source_kind == GONE, False).label("gone"),
    )
    .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
    .join(Teacher, col(Teacher.id) == col(CreditEntry.teacher_id))
    .where(
        # Of records that were merged into these before, for what of theirs went away.
        or_(
            col(Teacher.id) == any_(_teacher_ids),
            col(Teacher.merged_into_id) == any_(_teacher_ids),
        ),
        col(CreditEntry.kind) != EntryKind.REVERSE,
    )
    .order_by(col(CreditEntry.sequence))
)


class Carried(NamedTuple):
    """What a merger did with the entries: how many were carried over, how many struck alone."""

    over: int
    alone: int


class _Source(NamedTuple):
    """What a ledger has of a source: the entry in force, if one is, and the last attempt."""

    standing: Row | None = None
    attempt: int = 0


async def carry_entries(
    db: Connection,
    *,
    survivor_id: UUID,
    merged_id: UUID,
    city_id: UUID,
    heads: dict[UUID, Head],
    recorded_by: UUID,
    now: datetime,
) -> Carried:
    """Strike every entry in force of the one ledger, and carry it over into the other; four statements.

    The heads of both chains are held. What was earned keeps its day, its pack and all that it froze. What
    is struck and not carried over puts in doubt the certificates that rest on it.
    """
    rows = await db.all(_ENTRIES, teacher_ids=[survivor_id, merged_id])
    stamp = {"city_id": city_id, "recorded_at": now, "recorded_by": recorded_by}
    written, alone = _written(rows, survivor_id, merged_id, stamp)
    if written:
        await append_entries(db, entries=written, heads=heads)
    await doubt_certificates(db, struck=alone, now=now)
    # Each that is carried over is written twice.
    return Carried((len(written) - len(alone)) // 2, len(alone))


def _written(
    rows: Sequence[Row], survivor_id: UUID, merged_id: UUID, stamp: Row
) -> tuple[list[Row], list[Struck]]:
    """The entries to add to the two ledgers, and what is struck and not carried over."""
    known = _sources([row for row in rows if row["teacher_id"] == survivor_id])
    gone = {_name(row) for row in rows if row["gone"]}
    written: list[Row] = []
    alone: list[Struck] = []

    def strike(row: Row, said: str) -> None:
        reversal = reversal_of(row, said) | stamp
        written.append(reversal)
        alone.append(struck_by(reversal, row))

    # What is gone first, so that the order in which the ledgers go on is always the same.
    for row in sorted(rows, key=lambda each: _name(each) not in gone):
        name = _name(row)
        if row["reversed"] or (row["teacher_id"] != merged_id and name not in gone):
            continue
        if name in gone:
            strike(row, STRUCK_AS_GONE.format(other=_other(row, survivor_id, merged_id)))
            continue
        held, attempt = known.get(name, _Source())
        if held is not None and _worth(held) >= _worth(row):
            strike(row, STRUCK_ALONE.format(other=survivor_id, entry=held["id"]))
            continue
        arrival_id = new_id()
        if held is not None:
            strike(held, STRUCK_ALONE.format(other=survivor_id, entry=arrival_id))
        said = COMES_FROM.format(other=merged_id, entry=row["id"])
        arrival = _arrival(row, arrival_id, survivor_id, attempt + 1, said) | stamp
        known[name] = _Source(arrival, attempt + 1)
        said = CARRIED_OVER.format(other=survivor_id, entry=arrival_id)
        written += [arrival, reversal_of(row, said) | stamp]
    return written, alone


def _name(entry: Row) -> tuple[str, UUID]:
    return entry["source_kind"], entry["source_id"]


def _other(entry: Row, survivor_id: UUID, merged_id: UUID) -> UUID:
    return merged_id if entry["teacher_id"] == survivor_id else survivor_id


def _worth(entry: Row) -> tuple[Decimal, Decimal]:
    return entry["credits"], entry["hours"]


def _sources(rows: Sequence[Row]) -> dict[tuple[str, UUID], _Source]:
    found: dict[tuple[str, UUID], _Source] = {}
    for row in rows:
        name = _name(row)
        before = found.get(name, _Source())
        standing = before.standing if row["reversed"] else row
        found[name] = _Source(standing, max(before.attempt, row["attempt"]))
    return found


def _arrival(entry: Row, entry_id: UUID, teacher_id: UUID, attempt: int, said: str) -> Row:
    earned = entry["kind"] == EntryKind.EARN
    return _said(entry) | {
        "id": entry_id,
        "teacher_id": teacher_id,
        # What was granted in another way goes on as that: caps ask for it.
        "kind": EntryKind.TRANSFER_IN if earned else entry["kind"],
        "attempt": attempt,
        "reason": said,
    }


def _said(entry: Row) -> Row:
    return {name: entry[name] for name in CreditEntryFields.model_fields}
