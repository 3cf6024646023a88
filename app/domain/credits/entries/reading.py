"""What may be asked of the ledger: one entry, a person's entries, the entries of many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, SHANGHAI
from app.domain.credits.entries.table import CreditEntry, CreditEntryFields
from app.domain.credits.packs.parts import EntryKind
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, Teacher
from app.sql import Connection, Row, Statement


class CreditEntryView(CreditEntryFields):
    """An entry as both faces show it."""

    id: UUID = Field(description="标识 / key")
    reversed_by_id: UUID | None = Field(
        description="冲销本记录的记录 / entry that reverses this one"
    )


class EntryNotFound(NotFound):
    """There is no such entry for the one who asks."""

    code = "credit_entry_not_found"
    zh = "未找到该学分记录。"
    en = "There is no such credit entry."


_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]

ENTRIES = Door(
    table=CreditEntry,
    view=CreditEntryView,
    read=Permission.CREDIT_READ,
    missing=EntryNotFound,
    # Who may see it follows the person, not the place at which it was earned.
    places={
        "teacher_id": col(CreditEntry.teacher_id),
        "city_id": col(Teacher.city_id),
        "county_id": col(Teacher.county_id),
        "school_id": col(Teacher.school_id),
    },
    computed={
        "reversed_by_id": select(_reversal.c.id)
        .where(_reversal.c.reverses_id == col(CreditEntry.id))
        .scalar_subquery()
    },
    joined=CreditEntry.__table__.join(Teacher.__table__),  # type: ignore[attr-defined]
    filters={
        "teacher_id": col(CreditEntry.teacher_id),
        "earned_by": lambda day: col(CreditEntry.earned_on) <= day,
        "recorded_before": lambda moment: col(CreditEntry.recorded_at) < moment,
    },
    sorts={
        "sequence": (col(CreditEntry.sequence),),
        "earned_on": (col(CreditEntry.earned_on), col(CreditEntry.sequence)),
    },
)


LEDGER = replace(
    ENTRIES,
    filters={
        "kind": col(CreditEntry.kind),
        "source_kind": col(CreditEntry.source_kind),
        "earned_from": lambda day: col(CreditEntry.earned_on) >= day,
        "earned_until": lambda day: col(CreditEntry.earned_on) <= day,
        "recorded_from": lambda moment: col(CreditEntry.recorded_at) >= moment,
    },
    # Of millions of entries an index has this order alone: that in which they were recorded.
    sorts={"created": ()},
)
"""The same door for the ledgers of many people at once."""
_FIRST, _LAST = date.min + timedelta(days=1), date.max - timedelta(days=1)


def end_of(day: date) -> datetime:
    """The moment at which a civil day is over; the last day of the calendar is as the one before."""
    return beginning_of(min(day, _LAST) + timedelta(days=1))


def beginning_of(day: date) -> datetime:
    """The moment at which a civil day begins; the first day of the calendar is as the next."""
    return datetime.combine(max(day, _FIRST), time(), SHANGHAI)


async def get_entry(db: Connection, actor: Actor, *, entry_id: UUID) -> Row:
    """One entry of a teacher whose credit the actor may see."""
    return await ENTRIES.get(db, actor, entry_id)


async def list_entries(
    db: Connection,
    actor: Actor,
    *,
    teacher_id: UUID,
    page: PageRequest,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """A teacher's ledger, in its order unless sorted otherwise; reversals and reversed included.

    `as_of` leaves out what was earned later, `known_on` what was recorded later: an entry that was
    reversed after that day is shown as it was known then, in force.
    """
    await TEACHERS.get(db, actor, teacher_id, permission=Permission.CREDIT_READ)
    known_by = None if known_on is None else end_of(known_on)
    filters = {"teacher_id": teacher_id, "earned_by": as_of, "recorded_before": known_by}
    found = await ENTRIES.page(db, actor, page, filters=filters)
    if known_by is not None:
        await _forget_later_reversals(db, found.items, known_by)
    return found


async def list_credit_entries(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: EntryKind | None = None,
    source_kind: str | None = None,
    earned_from: date | None = None,
    earned_until: date | None = None,
    recorded_from: date | None = None,
) -> Page:
    """The ledgers of everybody whose credit the actor may see, in the order of recording.

    The days include themselves; from `recorded_from` on goes a reader that comes back every night.
    """
    filters = {
        "kind": kind,
        "source_kind": source_kind,
        "earned_from": earned_from,
        "earned_until": earned_until,
        "recorded_from": None if recorded_from is None else beginning_of(recorded_from),
    }
    return await LEDGER.page(db, actor, page, filters=filters)


_RECORDED_BEFORE = Statement(
    select(col(CreditEntry.id)).where(
        col(CreditEntry.id) == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
        col(CreditEntry.recorded_at) < bindparam("known_by", type_=MOMENT),
    )
)


async def _forget_later_reversals(db: Connection, rows: Sequence[Row], known_by: datetime) -> None:
    named = [row["reversed_by_id"] for row in rows if row["reversed_by_id"] is not None]
    if not named:
        return
    known = {
        row["id"] for row in await db.all(_RECORDED_BEFORE, entry_ids=named, known_by=known_by)
    }
    for row in rows:
        if row["reversed_by_id"] not in known:
            row["reversed_by_id"] = None


async def entries_of(
    db: Connection,
    actor: Actor,
    *,
    teacher_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The entries of each of many teachers, the last recorded first."""
    owner = col(CreditEntry.teacher_id)
    return await ENTRIES.pages_of(
        db, actor, owner, teacher_ids, page, sort="-sequence", columns=columns
    )


_CREDITED = Statement(
    select(col(CreditEntry.teacher_id))
    .outerjoin(_reversal, _reversal.c.reverses_id == col(CreditEntry.id))
    .where(
        col(CreditEntry.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(CreditEntry.source_kind) == "activity",
        col(CreditEntry.source_id) == bindparam("activity_id", type_=Uuid),
        col(CreditEntry.reverses_id).is_(None),
        _reversal.c.id.is_(None),
    )
)


async def teachers_credited(
    db: Connection, *, activity_id: UUID, teacher_ids: Sequence[UUID]
) -> set[UUID]:
    """Who of these teachers holds credit of this activity that was not reversed."""
    rows = await db.all(_CREDITED, activity_id=activity_id, teacher_ids=list(teacher_ids))
    return {row["teacher_id"] for row in rows}
