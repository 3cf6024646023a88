"""Submitting a note: the participant's own words, and the rest from what the activity knows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    Activity,
    ActivityMode,
    ActivityNotFound,
    ActivitySession,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.attendance import OPEN_STATES, Attendance, AttendanceStatus
from app.domain.training.notes.comparing import compare_note
from app.domain.training.notes.note import Note, NoteFields, NoteKind, NoteNotFound, NoteView
from app.sql import Connection, Row, Statement, new_id


class NewNote(NoteFields, Command):
    """A note or reflection to be submitted; what the activity knows need not be given."""

    held_at: AwareDatetime | None = Field(
        default=None,
        description="培训时间，默认所参加的首个场次 / when; by default as the activity says",
    )


# What can be refused.


class NotAttended(Conflict):
    """Who was at no session of the activity has nothing to write about it."""

    code = "note_without_attendance"
    zh = "未参加该活动，不能提交研修笔记。"
    en = "You attended no session of this activity, so there is nothing to submit a note about."


class NoteFieldsMissing(Invalid):
    """A note says when, where, who spoke and who was in charge (S0 two (3)): this neither side told."""

    code = "note_fields_missing"
    zh = "研修笔记须写明时间、地点、主讲人、负责人和内容，活动未登记且未填写：{fields}。"
    en = "A note says when, where, who spoke and who was in charge; not known and not given: {fields}."


# What may be done.

_status = col(Attendance.status)
_was_there = (
    (col(Attendance.activity_id) == col(Activity.id))
    & (col(Attendance.teacher_id) == col(Teacher.id))
    & ((_status == AttendanceStatus.PRESENT) | (_status == AttendanceStatus.LATE))
)
_attended = exists(select(col(Attendance.id)).where(_was_there))


def _of_first_session(column: Any) -> ColumnElement[Any]:
    """What the first of the attended sessions that says it says."""
    told = func.array_agg(aggregate_order_by(column, col(ActivitySession.starts_at)))
    return (
        select(told.filter(column.is_not(None))[1])
        .join_from(
            Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id)
        )
        .where(_was_there)
        .correlate(Activity, Teacher)
        .scalar_subquery()
    )


_SITUATION = Statement(
    select(
        col(Activity.state),
        col(Activity.mode),
        _attended.label("attended"),
        _of_first_session(col(ActivitySession.starts_at)).label("held_at"),
        _of_first_session(col(ActivitySession.place)).label("place"),
        _of_first_session(col(ActivitySession.speaker)).label("speaker"),
        select(col(Account.display_name))
        .where(col(Account.id) == col(Activity.created_by))
        .correlate(Activity)
        .scalar_subquery()
        .label("person_in_charge"),
        *(col(getattr(Teacher, column)).label(f"of_{column}") for column in PLACE),
    )
    .join_from(Activity, Teacher, true())
    .where(
        col(Activity.id) == bindparam("activity_id", type_=Uuid),
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
        was_published(),
        or_(_attended, is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid)))),
    )
    # Whoever closes the activity holds its row: a note comes before that, or not at all.
    .with_for_update(key_share=True, read=True, of=Activity)
)
_TOLD = ("held_at", "place", "speaker", "person_in_charge")
_REPLACED = ("text", *_TOLD, "submitted_at")
_WRITTEN = ("id", "activity_id", "teacher_id", *PLACE, "kind", *_REPLACED)
_note = insert(Note).values(
    {
        name: bindparam(name, type_=Note.__table__.c[name].type)  # type: ignore[attr-defined]
        for name in _WRITTEN
    }
)
_SUBMIT = Statement(
    _note.on_conflict_do_update(
        index_elements=["activity_id", "teacher_id", "kind"],
        set_={name: _note.excluded[name] for name in _REPLACED},
    ).returning(*(col(getattr(Note, name)) for name in NoteView.model_fields))
)


async def submit_note(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewNote, now: datetime
) -> Row:
    """Submit the actor's own note about an activity that the actor attended, before it is closed.

    Submitting one of the same kind again replaces it; what it was stays as a version. What the writer
    leaves out is told by the sessions attended, and by who set the activity up. A note that is nearly
    another's is queued for somebody to look at, and nothing else follows from that.
    """
    found = await db.one(
        _SITUATION,
        activity_id=activity_id,
        addresses=addresses_of(actor),
        teacher_id=actor.teacher_id,
    )
    if found is None:
        raise ActivityNotFound
    if not found["attended"]:
        raise NotAttended
    check_state(found, *OPEN_STATES)
    given = new.model_dump()
    told = {name: given[name] or found[name] for name in _TOLD}
    _check_told(new.kind, found["mode"], told)
    submitted = await db.one(
        _SUBMIT,
        id=new_id(),
        activity_id=activity_id,
        teacher_id=actor.teacher_id,
        **{column: found[f"of_{column}"] for column in PLACE},
        **(given | told),
        submitted_at=now,
    )
    if submitted is None:
        raise NoteNotFound
    await compare_note(db, note=submitted, city_id=found["of_city_id"], now=now)
    return submitted


def _check_told(kind: NoteKind, mode: ActivityMode, told: Row) -> None:
    """Refuse a note without its fields; a reflection needs none, and alone at home nobody speaks."""
    if kind is not NoteKind.NOTE:
        return
    alone = {"place", "speaker"} if mode == ActivityMode.SELF_DIRECTED else set()
    missing = [name for name, value in told.items() if not value and name not in alone]
    if missing:
        raise NoteFieldsMissing(fields=", ".join(missing))
