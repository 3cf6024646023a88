"""Past activities with attendance (活动及考勤): an activity, or one person at one, in each row.

An activity is found by its unit, title and first day, a person by the ID number or by name and school. An
activity that is not there is set up by the first row that names it, with one session, and is held by then:
whoever organises it closes it, as any other. Of what is there nothing but attendance follows a file, and
that no longer once it is closed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import Draft, Ground
from app.domain.exchange.imports.kinds.activity_lines import (
    HEADERS,
    OF_ACTIVITY,
    OF_PERSON,
    ActivityAmbiguous,
    ActivityToCome,
    refuse_differing,
)
from app.domain.exchange.imports.named_persons import Asked, people_meant
from app.domain.exchange.imports.places import hold_places, plain_value
from app.domain.exchange.imports.reasons import ColumnNeeded
from app.domain.training.activities import (
    Activity,
    ActivitySession,
    ActivityState,
    SessionNotFound,
    WrongState,
)
from app.domain.training.attendance import OPEN_STATES, Attendance
from app.sql import Connection, Row, Statement


class Work(NamedTuple):
    """What is written: at which session (with its activity), if it is there, and of whom."""

    session: Row | None
    teacher_id: UUID | None


# What may be asked.

_there = (
    select(
        *(
            col(getattr(Activity, name))
            for name in ("id", "organiser_unit_id", "title", "starts_on", "ends_on", "state",
                         "kind", "mode", "channel", "content", "hours")
        )
    )
    .where(
        col(Activity.organiser_unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        col(Activity.title) == any_(bindparam("titles", type_=ARRAY(Text))),
        col(Activity.starts_on) == any_(bindparam("days", type_=ARRAY(Date))),
        col(Activity.state) != ActivityState.CANCELLED,
    )
    .order_by(col(Activity.id))
)  # fmt: skip
_THERE = Statement(_there)
_HELD = Statement(_there.with_for_update(key_share=True))
_SESSIONS = Statement(
    select(
        *(
            col(getattr(ActivitySession, name))
            for name in ("id", "activity_id", "ordinal", "starts_at", "ends_at", "place", "speaker")
        )
    ).where(col(ActivitySession.activity_id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
_RECORDS = Statement(
    select(
        *(col(getattr(Attendance, name)) for name in ("id", "session_id", "teacher_id", *OF_PERSON))
    ).where(
        col(Attendance.session_id) == any_(bindparam("session_ids", type_=ARRAY(Uuid))),
        col(Attendance.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
    )
)

Where = tuple[UUID, str, date]


def where_of(draft: Draft) -> Where:
    """By what the activity of a draft is found."""
    unit = draft.unit or {}
    return unit["id"], draft.said.title, draft.said.starts_on


async def find_lines(
    db: Connection, *, ground: Ground, drafts: Sequence[Draft], lock: bool
) -> None:
    """Find what the drafts are about; with `lock` the activities are held, before anybody else."""
    known = await hold_places(db, ground=ground, drafts=drafts, column=HEADERS["unit"], lock=False)
    placed = [draft for draft in drafts if draft.unit is not None]
    activities = await activities_of(db, drafts=placed, lock=lock)
    # Somebody without a school is looked for at the school that organises, if one does.
    asked = [Asked(draft, draft.school_id) for draft in placed if draft.said.names_somebody]
    people = await people_meant(db, ground=ground, asked=asked, known=known, lock=False)
    for draft in placed:
        person = people.get(draft.row_id)
        if isinstance(person, DomainError):
            draft.refuse(person)
        else:
            _place(draft, activities.get(where_of(draft), ()), person, ground)
    await _compare(db, [draft for draft in placed if not draft.refused])


async def activities_of(
    db: Connection, *, drafts: Sequence[Draft], lock: bool
) -> Mapping[Where, list[Row]]:
    """The activities that the drafts name, as far as they are there, each with its sessions."""
    wheres = {where_of(draft) for draft in drafts}
    if not wheres:
        return {}
    unit_ids, titles, days = (list(set(each)) for each in zip(*wheres, strict=True))
    found = await db.all(_HELD if lock else _THERE, unit_ids=unit_ids, titles=titles, days=days)
    sessions: dict[UUID, dict[int, Row]] = {}
    for row in await db.all(_SESSIONS, ids=[row["id"] for row in found]):
        sessions.setdefault(row["activity_id"], {})[row["ordinal"]] = row
    activities: dict[Where, list[Row]] = {}
    for row in found:
        where = (row["organiser_unit_id"], row["title"], row["starts_on"])
        each = row | {"sessions": sessions.get(row["id"], {})}
        activities.setdefault(where, []).append(each)
    return activities


def _place(draft: Draft, found: Sequence[Row], person: Row | None, ground: Ground) -> None:
    """Say which session a draft is about, or why it is about none."""
    said, teacher_id = draft.said, None if person is None else person["id"]
    if len(found) > 1:
        draft.refuse(ActivityAmbiguous())
    elif not found:
        draft.work = Work(None, teacher_id)
        _check_new(draft, ground)
    elif (session := found[0]["sessions"].get(said.session)) is None:
        draft.refuse(SessionNotFound(), column=HEADERS["session"])
    else:
        draft.work = Work(at_session(found[0], session), teacher_id)
        refuse_differing(draft, draft.work.session)


def at_session(activity: Row, session: Row) -> Row:
    """A session with what its activity is."""
    return session | {name: activity[name] for name in activity.keys() - {"id", "sessions"}}


def _check_new(draft: Draft, ground: Ground) -> None:
    said = draft.said
    for name in OF_ACTIVITY:
        if getattr(said, name) is None:
            draft.refuse(ColumnNeeded(column=HEADERS[name]), column=HEADERS[name])
    if said.ends_at > ground.now:
        draft.refuse(ActivityToCome(), column=HEADERS["ends_on"])
    if said.session != 1:
        draft.refuse(SessionNotFound(), column=HEADERS["session"])


async def _compare(db: Connection, drafts: Sequence[Draft]) -> None:
    """Find the attendance that the drafts are about, and say what each wants."""
    records: dict[tuple[UUID, UUID], Row] = {}
    sessions = list({draft.work.session["id"] for draft in drafts if draft.work.session})
    if sessions:
        teachers = list({draft.work.teacher_id for draft in drafts if draft.work.teacher_id})
        for row in await db.all(_RECORDS, session_ids=sessions, teacher_ids=teachers):
            records[row["session_id"], row["teacher_id"]] = row
    for draft in drafts:
        session, teacher_id = draft.work
        names = OF_ACTIVITY if teacher_id is None else OF_PERSON
        draft.wanted = {name: plain_value(getattr(draft.said, name)) for name in names}
        if session is None:
            continue
        if teacher_id is None:
            # Of what is said of it nothing differs (`refuse_differing`).
            draft.wanted = {n: value for n, value in draft.wanted.items() if value is not None}
            draft.target_id, draft.current = session["activity_id"], dict(draft.wanted)
        elif (record := records.get((session["id"], teacher_id))) is not None:
            draft.target_id = record["id"]
            draft.current = {name: plain_value(record[name]) for name in OF_PERSON}
        state = session["state"]
        if state not in OPEN_STATES and draft.current != draft.wanted:
            draft.refuse(WrongState(state=state, allowed=", ".join(OPEN_STATES)))
