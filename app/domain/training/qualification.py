"""Who qualifies for recognition: who attended an activity, for how long, with what it requires."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    null,
    select,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.people.teachers import Teacher
from app.domain.training.activities import ACTIVITIES, Activity, ActivitySession
from app.domain.training.attendance import Attendance, AttendanceRole, AttendanceStatus
from app.domain.training.evidence import lacks_evidence
from app.domain.training.notes import Note
from app.domain.training.occurrences import counts_once
from app.sql import Connection, Row, Statement

FOREMOST = (
    AttendanceRole.SPEAKER,
    AttendanceRole.DEMONSTRATOR,
    AttendanceRole.PERSON_IN_CHARGE,
    AttendanceRole.ORGANISER,
)
"""The roles before that of a participant: of several, the first counts."""

_status, _role = col(Attendance.status), col(Attendance.role)
_attended = (_status == AttendanceStatus.PRESENT) | (_status == AttendanceStatus.LATE)


def _took_part_as(role: AttendanceRole) -> ColumnElement[bool]:
    return func.coalesce(func.bool_or((_role == role) & _attended), false())


_person = [col(Attendance.teacher_id), *(col(getattr(Attendance, column)) for column in PLACE)]
_people = (
    select(
        *_person,
        case(
            *((_took_part_as(role), literal(role.value)) for role in FOREMOST),
            else_=literal(AttendanceRole.PARTICIPANT.value),
        ).label("role"),
        func.coalesce(
            func.sum(col(ActivitySession.hours)).filter(_attended, counts_once()), 0
        ).label("hours"),
    )
    .join_from(Attendance, ActivitySession, col(Attendance.session_id) == col(ActivitySession.id))
    .join(Teacher, col(Teacher.id) == col(Attendance.teacher_id))
    .where(
        col(Attendance.activity_id) == bindparam("activity_id", type_=Uuid),
        # Of somebody who was entered twice, what the other record had as well is history.
        col(Teacher.merged_into_id).is_(None),
    )
    .group_by(*_person)
    .subquery("people")
)
_wrote = exists(
    select(col(Note.id)).where(
        col(Note.activity_id) == col(Activity.id), col(Note.teacher_id) == _people.c.teacher_id
    )
)
_reason = case(
    (_people.c.hours == 0, literal("absent")),
    (col(Activity.requires_note) & ~_wrote, literal("note_missing")),
    (
        (_people.c.role == AttendanceRole.PARTICIPANT.value) & lacks_evidence(_people.c.teacher_id),
        literal("evidence_missing"),
    ),
    else_=null(),
)
_ATTENDEES = Statement(
    select(*_people.c, _reason.label("reason"))
    .join_from(_people, Activity, col(Activity.id) == bindparam("activity_id", type_=Uuid))
    .order_by(_people.c.teacher_id)
)


async def qualified_attendees(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """Everyone with a record of attendance at an activity, by key, and whether it counts.

    A row holds teacher_id, the teacher's place, role (the foremost of those in which the teacher
    took part: see `FOREMOST`, then participant), hours (of the sessions attended, late or not; of
    occurrences of one session once), qualified, and reason: `absent` from every session,
    `note_missing` where the activity requires a note or reflection, `evidence_missing` where its form
    asks participants for something that one has not left, None for those who qualify.
    """
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    rows = await db.all(_ATTENDEES, activity_id=activity_id)
    for row in rows:
        row["qualified"] = row["reason"] is None
    return rows
