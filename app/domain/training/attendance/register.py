"""The register (考勤登记): attendance as the organiser records it, for many teachers at once."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import (
    ACTIVITIES,
    SESSIONS,
    ActivitySession,
    check_state,
    is_meant_for_teacher,
)
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.attendance.situation import EARLIEST, OPEN_STATES
from app.domain.training.attendance.writing import write_records
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.sql import Connection, Row, Statement


class NewAttendance(Command):
    """What the organiser records of some teachers at a session."""

    teacher_ids: list[UUID] = Field(
        min_length=1, max_length=2000, description="教师 / the teachers, at most 2,000"
    )
    status: AttendanceStatus = Field(description="出勤状态 / status")
    role: AttendanceRole = Field(
        default=AttendanceRole.PARTICIPANT, description="身份 / as what they took part"
    )


class Expected(StrEnum):
    """Who is expected at a session (应到人员)."""

    AUDIENCE = "audience"
    """全体参训对象"""
    ENROLLED = "enrolled"
    """已报名者"""


class RestOfRegister(Command):
    """What the organiser records of everybody who is expected and has no record yet."""

    status: AttendanceStatus = Field(description="出勤状态 / status")
    expected: Expected = Field(
        default=Expected.AUDIENCE,
        description="应到人员：全体参训对象或已报名者 / who is expected: the audience, or who enrolled",
    )


class AttendanceRecorded(BaseModel):
    """How many teachers were recorded; who was recorded so before is counted among them."""

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


_KNOWN_BEFORE = (AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED)


def check_begun(session: Row, statuses: Iterable[AttendanceStatus], now: datetime) -> None:
    """Refuse that somebody was present at a session that has not begun."""
    if session["starts_at"] - EARLIEST > now and not set(statuses) <= set(_KNOWN_BEFORE):
        raise NotBegun(starts_at=session["starts_at"])


# What may be done.


async def hold_register(db: Connection, actor: Actor, *, session_id: UUID) -> Row:
    """The session, if the actor keeps its register; its activity is held, and open."""
    wanted = Permission.ATTENDANCE_WRITE
    session = await SESSIONS.get(db, actor, session_id, permission=wanted)
    activity = await ACTIVITIES.get(db, actor, session["activity_id"], permission=wanted, lock=True)
    check_state(activity, *OPEN_STATES)
    return session


async def record_attendance(
    db: Connection, actor: Actor, *, session_id: UUID, new: NewAttendance, now: datetime
) -> Row:
    """Record, or correct, what these teachers were at a session that the actor organises.

    It is done for all of them or for none, and no longer after the activity was closed. What is
    recorded already stays as it became known.
    """
    session = await hold_register(db, actor, session_id=session_id)
    check_begun(session, [new.status], now)
    teacher_ids = list(dict.fromkeys(new.teacher_ids))
    recorded = await write_records(
        db,
        session=session,
        given=[(teacher_id, new.status, new.role) for teacher_id in teacher_ids],
        method=AttendanceMethod.ORGANISER,
        by=actor.account_id,
        now=now,
    )
    others = set(teacher_ids) - set(recorded)
    if others:
        raise OutsideAudience(count=len(others), teachers=sorted(map(str, others)))
    return {"session_id": session_id, "recorded": len(recorded)}


_activity, _session = (bindparam(name, type_=Uuid) for name in ("activity_id", "session_id"))
_content = func.coalesce(col(ActivitySession.occurrence_of), col(ActivitySession.id))


def _without_record(expected: Any) -> Statement:
    """Who is expected at a session, has no record of it, and was at no other occurrence of it."""
    of_this = select(_content).where(col(ActivitySession.id) == _session).scalar_subquery()
    was_there = is_among(col(Attendance.status), (AttendanceStatus.PRESENT, AttendanceStatus.LATE))
    recorded = (
        select(col(Attendance.id))
        .join(ActivitySession, col(ActivitySession.id) == col(Attendance.session_id))
        .where(
            col(Attendance.activity_id) == _activity,
            col(Attendance.teacher_id) == col(Teacher.id),
            (col(Attendance.session_id) == _session) | (was_there & (_content == of_this)),
        )
        .correlate(Teacher)
    )
    chosen = select(col(Teacher.id)).where(
        col(Teacher.merged_into_id).is_(None), expected, ~exists(recorded)
    )
    return Statement(chosen)


_WITHOUT_RECORD = {
    Expected.AUDIENCE: _without_record(is_meant_for_teacher(_activity)),
    Expected.ENROLLED: _without_record(
        exists(
            select(col(Enrolment.id)).where(
                col(Enrolment.activity_id) == _activity,
                col(Enrolment.teacher_id) == col(Teacher.id),
                HAS_PLACE,
            )
        )
    ),
}


async def complete_attendance(
    db: Connection, actor: Actor, *, session_id: UUID, rest: RestOfRegister, now: datetime
) -> Row:
    """Record the same of everybody who is expected at a session and has no record of it.

    Whoever checked in, has leave or is in the register already stays as recorded, and whoever was at
    another occurrence of the session is not expected at this one; asking again records nobody twice.
    """
    session = await hold_register(db, actor, session_id=session_id)
    check_begun(session, [rest.status], now)
    missing = await db.all(
        _WITHOUT_RECORD[rest.expected], session_id=session_id, activity_id=session["activity_id"]
    )
    recorded = await write_records(
        db,
        session=session,
        given=[(row["id"], rest.status, AttendanceRole.PARTICIPANT) for row in missing],
        method=AttendanceMethod.ORGANISER,
        by=actor.account_id,
        now=now,
    )
    return {"session_id": session_id, "recorded": len(recorded)}
