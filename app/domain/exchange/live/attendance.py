"""The register of a session as it fills (签到看板): how many are there, and whose record changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.exchange.live.position import (
    PRESENT,
    LiveView,
    Position,
    between,
    changed_between,
    take_present,
)
from app.domain.training.activities import SESSIONS, ActivitySession
from app.domain.training.attendance import (
    PARTICIPANTS,
    Attendance,
    AttendanceStatus,
    ParticipantView,
)
from app.domain.training.enrolments import HAS_PLACE, Enrolment
from app.sql import Connection, Row, Statement

MOST_CHANGES = 500
"""Records that one read tells of; where more have changed, the register is read afresh."""


class LiveAttendanceView(LiveView):
    """A session's register in numbers, and the records that changed after a position."""

    session_id: UUID = Field(description="场次 / session")
    enrolled: int = Field(description="已报名人数 / who has a place in the activity")
    recorded: int = Field(description="已有考勤记录人数 / records in the register")
    checked_in: int = Field(description="已签到人数 / who gave the code on coming")
    checked_out: int = Field(description="已签退人数 / who gave the code on leaving")
    present: int = Field(description="出席人数 / present")
    late: int = Field(description="迟到人数 / late")
    left_early: int = Field(description="早退人数 / left early")
    absent: int = Field(description="缺席人数 / absent")
    excused: int = Field(description="请假人数 / excused")
    changed: list[ParticipantView] = Field(
        description="有变更的考勤记录 / records that are new or have changed, as they are now"
    )


# What may be asked.

_SESSION = bindparam("session_id", type_=Uuid)
_OF_SESSION = col(Attendance.session_id) == _SESSION


def _counts() -> Statement:
    count = func.count()
    enrolled = (
        select(func.count())
        .select_from(Enrolment)
        .join(ActivitySession, col(ActivitySession.activity_id) == col(Enrolment.activity_id))
        .where(col(ActivitySession.id) == _SESSION, HAS_PLACE)
    )
    numbers: dict[str, Any] = {
        "enrolled": enrolled.scalar_subquery(),
        "recorded": count,
        "checked_in": func.count(col(Attendance.checked_in_at)),
        "checked_out": func.count(col(Attendance.checked_out_at)),
        **{
            status.value: count.filter(col(Attendance.status) == status)
            for status in AttendanceStatus
        },
    }
    return Statement(
        select(*PRESENT, *(number.label(name) for name, number in numbers.items()))
        .select_from(PARTICIPANTS.rows)
        .where(_OF_SESSION)
    )


_COUNTS = _counts()
_CHANGED = Statement(
    PARTICIPANTS.select()
    .where(_OF_SESSION, changed_between(col(Attendance.change_transaction)))
    .order_by(col(Attendance.change_transaction), col(Attendance.change_sequence))
    .limit(bindparam("limit", type_=Integer))
)


async def get_live_attendance(
    db: Connection, actor: Actor, *, session_id: UUID, after: str | None = None
) -> Row:
    """How the register of a session stands whose activity the actor organises, and what changed in it.

    Without `after`, and whenever that position means nothing any more, no record is told but that the
    register is to be read afresh, by `list_attendance`, before going on from the new position.
    """
    seen = Position.read(after)
    await SESSIONS.get(db, actor, session_id, permission=Permission.ATTENDANCE_READ)
    [counts] = await db.all(_COUNTS, session_id=session_id)
    present = take_present(counts)
    changed: list[Row] = []
    afresh = seen is None or not seen.leads_to(present)
    if seen is not None and not afresh:
        given = between(seen, present)
        changed = await db.all(_CHANGED, session_id=session_id, limit=MOST_CHANGES + 1, **given)
        afresh = len(changed) > MOST_CHANGES
    return {
        "position": present.cursor(),
        "afresh": afresh,
        "session_id": session_id,
        **counts,
        "changed": [] if afresh else changed,
    }
