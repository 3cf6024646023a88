"""Asking for leave, deciding about it, taking it back."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, insert, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    SESSIONS,
    SessionNotFound,
    addresses_of,
    check_state,
)
from app.domain.training.attendance import (
    OPEN_STATES,
    WERE_THERE,
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
    OutsideAudience,
    write_records,
)
from app.domain.training.attendance.situation import find_situation
from app.domain.training.leaves.leave import (
    LEAVES,
    PARTICIPANT_LEAVES,
    Leave,
    LeaveOpinion,
    LeaveState,
    NewLeave,
)
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

LATEST_DAYS = 3
"""Days after a session's end within which leave can still be asked for, and an answer is due."""


# What can be refused.


class LeaveTooLate(Conflict):
    """The session was too long ago."""

    code = "leave_too_late"
    zh = "请假须在场次结束后 {days} 天内提出。"
    en = "Leave is asked for within {days} days of the session's end."


class LeaveStanding(Conflict):
    """Leave from this session is asked for already, or was given."""

    code = "leave_standing"
    zh = "该场次已有待审批或已批准的请假。"
    en = "Leave from this session is waiting to be decided, or was given."


class LeaveAttended(Conflict):
    """Who was there needs no leave; a record that is wrong is corrected."""

    code = "leave_attended"
    zh = "考勤记录显示该教师已到场，不能请假；记录有误时请更正考勤。"
    en = "The record says that the teacher was there: correct it where it is wrong."


class LeaveDecided(Conflict):
    """It was decided or withdrawn before."""

    code = "leave_decided"
    zh = "该请假申请已处理（{state}）。"
    en = "This request for leave has been dealt with already ({state})."


class LeaveOfOneself(Conflict):
    """Nobody decides about the own leave."""

    code = "leave_of_oneself"
    zh = "不能审批本人的请假。"
    en = "Nobody decides about their own leave."


# What may be done.

_TABLE = Leave.__table__  # type: ignore[attr-defined]
_ASKED = ("id", "session_id", "activity_id", "reason", "evidence", "state", "asked_at", "due_on")
_ASK = Statement(
    insert(_TABLE).from_select(
        [*_ASKED, "teacher_id", *PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _ASKED),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in PLACE),
        ).where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid)),
        include_defaults=False,
    )
)


async def request_leave(
    db: Connection, actor: Actor, *, session_id: UUID, new: NewLeave, now: datetime
) -> Row:
    """Ask for leave from a session that is meant for the actor, before it or within days after it."""
    situation = await find_situation(
        db,
        session_id=session_id,
        teacher_id=actor.teacher_id,
        addresses=addresses_of(actor),
        held=True,
    )
    check_state({"state": situation["_state"]}, *OPEN_STATES)
    if now > situation["_ends_at"] + timedelta(days=LATEST_DAYS):
        raise LeaveTooLate(days=LATEST_DAYS)
    if situation["status"] in WERE_THERE:
        raise LeaveAttended
    begins = situation["_starts_at"]
    leave_id = new_id()
    row = {
        "id": leave_id,
        "session_id": session_id,
        "activity_id": situation["_activity_id"],
        **new.model_dump(),
        "state": LeaveState.ASKED,
        "asked_at": now,
        "due_on": civil_date(begins if begins > now else now + timedelta(days=LATEST_DAYS)),
    }
    try:
        if not await db.run(_ASK, of_teacher=actor.teacher_id, **row):
            raise SessionNotFound
    except UniqueViolationError:
        raise LeaveStanding from None
    return await LEAVES.get(db, actor, leave_id)


_DECIDE = Statement(
    update(Leave)
    .where(col(Leave.id) == bindparam("leave_id", type_=Uuid), col(Leave.state) == LeaveState.ASKED)
    .values(
        state=bindparam("to", type_=text_enum(LeaveState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("decided_by", type_=Uuid),
        opinion=bindparam("answer", type_=String),
    )
)
_RECORD = Statement(
    select(col(Attendance.status), col(Attendance.role)).where(
        col(Attendance.session_id) == bindparam("session_id", type_=Uuid),
        col(Attendance.teacher_id) == bindparam("teacher_id", type_=Uuid),
    )
)


async def approve_leave(
    db: Connection, actor: Actor, *, leave_id: UUID, decision: LeaveOpinion, now: datetime
) -> Row:
    """Give leave from a session that the actor organises: the register says excused from now on."""
    asked = await _waiting(db, actor, leave_id)
    teacher_id, session_id = asked["teacher_id"], asked["session_id"]
    record = await db.one(_RECORD, session_id=session_id, teacher_id=teacher_id)
    if record is not None and record["status"] in WERE_THERE:
        raise LeaveAttended
    role = AttendanceRole.PARTICIPANT if record is None else record["role"]
    decided = await _decide(db, actor, asked, LeaveState.APPROVED, decision.opinion, now)
    session = await SESSIONS.get(db, actor, session_id)
    written = await write_records(
        db,
        session=session,
        given=[(teacher_id, AttendanceStatus.EXCUSED, role)],
        method=AttendanceMethod.LEAVE,
        by=actor.account_id,
        now=now,
        reason=asked["reason"],
    )
    if not written:
        raise OutsideAudience(count=1, teachers=[str(teacher_id)])
    return decided


async def decline_leave(
    db: Connection, actor: Actor, *, leave_id: UUID, decision: LeaveOpinion, now: datetime
) -> Row:
    """Give no leave, and say why; the teacher may ask again."""
    asked = await _waiting(db, actor, leave_id)
    return await _decide(db, actor, asked, LeaveState.DECLINED, decision.opinion, now)


async def withdraw_leave(db: Connection, actor: Actor, *, leave_id: UUID, now: datetime) -> Row:
    """Take one's own request back while it waits."""
    asked = await LEAVES.get(db, actor, leave_id, permission=Permission.PARTICIPATE)
    await _settle(db, actor, asked, LeaveState.WITHDRAWN, None, now)
    return await LEAVES.get(db, actor, leave_id)


async def _waiting(db: Connection, actor: Actor, leave_id: UUID) -> Row:
    """What waits for the actor to decide; its activity is held, and open."""
    wanted = Permission.ATTENDANCE_WRITE
    asked = await PARTICIPANT_LEAVES.get(db, actor, leave_id, permission=wanted)
    if await is_oneself(db, actor, teacher_ids=[asked["teacher_id"]]):
        raise LeaveOfOneself
    activity = await ACTIVITIES.get(db, actor, asked["activity_id"], permission=wanted, lock=True)
    check_state(activity, *OPEN_STATES)
    return asked


async def _decide(
    db: Connection,
    actor: Actor,
    asked: Row,
    state: LeaveState,
    opinion: str | None,
    now: datetime,
) -> Row:
    await _settle(db, actor, asked, state, opinion, now)
    return await PARTICIPANT_LEAVES.get(db, actor, asked["id"])


async def _settle(
    db: Connection,
    actor: Actor,
    asked: Row,
    state: LeaveState,
    opinion: str | None,
    now: datetime,
) -> None:
    """End the waiting; of two who do so at once, the second is refused."""
    if not await db.run(
        _DECIDE,
        leave_id=asked["id"],
        to=state,
        now=now,
        decided_by=actor.account_id,
        answer=opinion,
    ):
        raise LeaveDecided(state=asked["state"])
