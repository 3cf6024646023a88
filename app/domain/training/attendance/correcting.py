"""Correcting a record of attendance (考勤更正): with a reason, and with a trace of what it was.

Until the activity is closed its organiser corrects; after that only who administers the organiser's
unit or one above it, and nobody their own. A record by which credit was recognised is not changed
beneath it: the credit is reversed first, and recognised anew afterwards.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.training.activities import ACTIVITIES, SESSIONS, ActivityState, check_state
from app.domain.training.attendance.record import (
    PARTICIPANTS,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.attendance.register import OutsideAudience, check_begun
from app.domain.training.attendance.situation import OPEN_STATES
from app.domain.training.attendance.writing import write_records
from app.sql import Connection, Row


class AttendanceCorrection(Command):
    """What a record should say, and why."""

    status: AttendanceStatus = Field(description="出勤状态 / status")
    role: AttendanceRole | None = Field(
        default=None, description="身份，空为不变 / as what; null: as it is"
    )
    reason: str = Field(min_length=2, max_length=500, description="更正理由 / why")


class TeachersCredited(Protocol):
    """What correcting needs to know of credit, which it is handed."""

    async def __call__(
        self, db: Connection, *, activity_id: UUID, teacher_ids: Sequence[UUID]
    ) -> Collection[UUID]:
        """Who of these teachers holds credit of this activity that was not reversed."""


# What can be refused.


class AttendanceCredited(Conflict):
    """Credit was recognised by this record: it is reversed before the record changes."""

    code = "attendance_credited"
    zh = "该教师的本活动学分已认定。请先冲销学分记录（POST /credit-entries/{{id}}/reversal），再更正考勤。"
    en = (
        "Credit was recognised for this teacher and activity. Reverse the entry first"
        " (POST /credit-entries/{{id}}/reversal), then correct the attendance."
    )


class AttendanceOfOneself(Conflict):
    """After the closing nobody corrects the own record."""

    code = "attendance_of_oneself"
    zh = "活动结束后不能更正本人的考勤记录。"
    en = "After an activity was closed nobody corrects their own record."


# What may be done.


async def correct_attendance(
    db: Connection,
    actor: Actor,
    *,
    attendance_id: UUID,
    correction: AttendanceCorrection,
    credited: TeachersCredited,
    now: datetime,
) -> Row:
    """Let a record say something else; who changed what, and why, is kept and shown to the teacher."""
    record = await PARTICIPANTS.get(
        db, actor, attendance_id, permission=Permission.ATTENDANCE_WRITE
    )
    activity_id, teacher_id = record["activity_id"], record["teacher_id"]
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    check_state(activity, *OPEN_STATES, ActivityState.CLOSED)
    is_closed = activity["state"] == ActivityState.CLOSED
    if is_closed:
        await _check_after_closing(db, actor, activity_id, teacher_id, credited)
    session = await SESSIONS.get(db, actor, record["session_id"])
    check_begun(session, [correction.status], now)
    role = correction.role or record["role"]
    written = await write_records(
        db,
        session=session,
        given=[(teacher_id, correction.status, role)],
        method=AttendanceMethod.ORGANISER,
        by=actor.account_id,
        now=now,
        reason=correction.reason,
        after_closing=is_closed,
    )
    if not written:
        raise OutsideAudience(count=1, teachers=[str(teacher_id)])
    return await PARTICIPANTS.get(db, actor, attendance_id)


async def _check_after_closing(
    db: Connection, actor: Actor, activity_id: UUID, teacher_id: UUID, credited: TeachersCredited
) -> None:
    """Refuse what is no longer the organiser's alone to correct, or has been credited."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_REVIEW)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise AttendanceOfOneself
    if await credited(db, activity_id=activity_id, teacher_ids=[teacher_id]):
        raise AttendanceCredited
