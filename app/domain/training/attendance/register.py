"""The register: attendance as the organiser records it, for many teachers at once."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, text_enum
from app.domain.errors import Conflict, Invalid
from app.domain.people.teachers import Teacher
from app.domain.training.activities import ACTIVITIES, SESSIONS, check_state, is_meant_for_teacher
from app.domain.training.attendance.checking_in import EARLIEST, OPEN_STATES
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, Statement, new_id


class NewAttendance(Command):
    """What the organiser records of some teachers at a session."""

    teacher_ids: list[UUID] = Field(
        min_length=1, max_length=2000, description="教师 / the teachers, at most 2,000"
    )
    status: AttendanceStatus = Field(description="出勤状态 / status")
    role: AttendanceRole = Field(
        default=AttendanceRole.PARTICIPANT, description="身份 / as what they took part"
    )


class AttendanceRecorded(BaseModel):
    """How many records were made or corrected."""

    session_id: UUID = Field(description="场次 / session")
    recorded: int = Field(description="登记人数 / teachers recorded")


# What can be refused.


class OutsideAudience(Invalid):
    """Attendance is recorded for those whom the activity is for; `teachers` names the others."""

    code = "attendance_outside_audience"
    zh = "有 {count} 名教师不在本活动的参训对象之内。"
    en = "{count} of the teachers are not among those whom the activity is for."


class NotBegun(Conflict):
    """Nobody was present at what has not begun; an absence that is known is recorded before."""

    code = "attendance_before_session"
    zh = "场次尚未开始（{starts_at}），不能登记出席或迟到。"
    en = "The session has yet to begin ({starts_at}): nobody can have been present."


# What may be done.

_NAMES = (
    "id", "session_id", "activity_id", "teacher_id", "city_id", "county_id", "school_id", "status",
    "method", "role", "recorded_by", "recorded_at",
)  # fmt: skip
_pairs = (
    func.unnest(
        bindparam("new_ids", type_=ARRAY(Uuid)), bindparam("teacher_ids", type_=ARRAY(Uuid))
    )
    .table_valued("id", "teacher_id", name="wanted")
    .render_derived()
)
_is_concerned = or_(
    *(
        exists(
            select(col(table.id)).where(
                col(table.activity_id) == bindparam("activity_id", type_=Uuid),
                col(table.teacher_id) == col(Teacher.id),
                *more,
            )
        )
        for table, more in (
            (Attendance, ()), (Enrolment, (col(Enrolment.withdrawn_at).is_(None),)),
        )
    )
)  # fmt: skip
"""The predicate 'this row of teachers has a record of it, or is enrolled': who was in the audience
then may have moved to another school or group since."""
_written = insert(Attendance).from_select(
    _NAMES,
    select(
        _pairs.c.id,
        bindparam("session_id", type_=Uuid),
        bindparam("activity_id", type_=Uuid),
        col(Teacher.id),
        col(Teacher.city_id),
        col(Teacher.county_id),
        col(Teacher.school_id),
        bindparam("status", type_=text_enum(AttendanceStatus)),
        bindparam("method", type_=text_enum(AttendanceMethod)),
        bindparam("role", type_=text_enum(AttendanceRole)),
        bindparam("recorded_by", type_=Uuid),
        bindparam("recorded_at", type_=MOMENT),
    )
    .join_from(_pairs, Teacher, col(Teacher.id) == _pairs.c.teacher_id)
    .where(or_(is_meant_for_teacher(bindparam("activity_id", type_=Uuid)), _is_concerned)),
)
_RECORD = Statement(
    _written.on_conflict_do_update(
        index_elements=["session_id", "teacher_id"],
        set_={
            name: _written.excluded[name]
            for name in ("status", "method", "role", "recorded_by", "recorded_at")
        },
    ).returning(col(Attendance.teacher_id))
)


async def record_attendance(
    db: Connection, actor: Actor, *, session_id: UUID, new: NewAttendance, now: datetime
) -> Row:
    """Record, or correct, what these teachers were at a session that the actor organises.

    It is done for all of them or for none, and no longer after the activity was closed.
    """
    wanted = Permission.ATTENDANCE_WRITE
    session = await SESSIONS.get(db, actor, session_id, permission=wanted)
    activity_id = session["activity_id"]
    activity = await ACTIVITIES.get(db, actor, activity_id, permission=wanted, lock=True)
    check_state(activity, *OPEN_STATES)
    took_part = new.status in {AttendanceStatus.PRESENT, AttendanceStatus.LATE}
    if took_part and session["starts_at"] - EARLIEST > now:
        raise NotBegun(starts_at=session["starts_at"].isoformat())
    teacher_ids = list(dict.fromkeys(new.teacher_ids))
    recorded = await db.all(
        _RECORD,
        new_ids=[new_id() for _ in teacher_ids],
        teacher_ids=teacher_ids,
        session_id=session_id,
        activity_id=activity_id,
        status=new.status,
        method=AttendanceMethod.ORGANISER,
        role=new.role,
        recorded_by=actor.account_id,
        recorded_at=now,
    )
    others = set(teacher_ids) - {row["teacher_id"] for row in recorded}
    if others:
        raise OutsideAudience(count=len(others), teachers=sorted(map(str, others)))
    return {"session_id": session_id, "recorded": len(recorded)}
