"""The situation of a teacher at a session: what there is, and what decides whether a code is taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, or_, select, true
from sqlmodel import col

from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    Activity,
    ActivitySession,
    ActivityState,
    SessionNotFound,
    is_addressed,
    was_published,
)
from app.domain.training.activities.audience import is_candidate
from app.domain.training.attendance.record import Attendance, AttendanceStatus, AttendanceView
from app.domain.training.attendance.rules import AttendanceRule
from app.sql import Connection, Row, Statement

EARLIEST = timedelta(minutes=30)
"""How long before its beginning a session can be checked in to."""

OPEN_STATES = (ActivityState.PUBLISHED, ActivityState.HELD)
"""The states of an activity in which attendance is taken."""

SHOWN = [col(getattr(Attendance, name)) for name in AttendanceView.model_fields]
"""The columns of a record that its view has."""


# What can be refused.


class EnteredAbsent(Conflict):
    """The organiser has entered the person as absent, which a code does not undo."""

    code = "entered_absent"
    zh = "您已被登记为缺席，签到不能更改；如与事实不符，请联系组织者更正。"
    en = "You are entered as absent, which a code does not undo: ask the organiser to correct it."


class CheckInClosed(Conflict):
    """The session cannot be checked in to now: too early, too late, or the activity is not on."""

    code = "check_in_closed"
    zh = "当前不能签到：签到时间为 {opens_at} 至 {closes_at}，且活动须已发布、未结束。"
    en = (
        "Check-in is not open: it is from {opens_at} to {closes_at}, while the activity is"
        " published and not closed."
    )


def check_open(situation: Mapping[str, Any], moment: datetime) -> None:
    """Refuse a moment at which the session was not open, and an activity that is not on."""
    opens_at, closes_at = situation["_starts_at"] - EARLIEST, situation["_ends_at"]
    if situation["_state"] not in OPEN_STATES or not opens_at <= moment <= closes_at:
        raise CheckInClosed(opens_at=opens_at, closes_at=closes_at)


# What may be asked.

_own = (col(Attendance.session_id) == col(ActivitySession.id)) & (
    col(Attendance.teacher_id) == col(Teacher.id)
)
_situation = (
    select(
        *SHOWN,
        col(ActivitySession.activity_id).label("_activity_id"),
        col(ActivitySession.starts_at).label("_starts_at"),
        col(ActivitySession.ends_at).label("_ends_at"),
        col(Activity.state).label("_state"),
        col(AttendanceRule.records_leaving).label("_records_leaving"),
        col(AttendanceRule.least_share).label("_least_share"),
    )
    .select_from(ActivitySession)
    .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
    .join(Teacher, true())
    .outerjoin(Attendance, _own)
    .outerjoin(AttendanceRule, col(AttendanceRule.activity_id) == col(Activity.id))
    .where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
        was_published(),
        # Who has left the audience since is still at the session that has a record of it.
        or_(
            col(Attendance.id).is_not(None),
            is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid)))
            & is_candidate(col(Activity.id), col(Teacher.id)),
        ),
    )
)
_SITUATION = Statement(_situation)
# Whoever closes the activity holds its row: what follows is done before that, or not at all.
_HELD = Statement(_situation.with_for_update(key_share=True, read=True, of=Activity))


async def find_situation(
    db: Connection,
    *,
    session_id: UUID,
    teacher_id: UUID | None,
    addresses: Sequence[UUID],
    held: bool = False,
) -> Row:
    """The teacher's record at a session with what decides about it (names with an underscore).

    The keys of the record are None where there is none. `held`, the activity stays open until the
    transaction ends.
    """
    found = await db.one(
        _HELD if held else _SITUATION,
        session_id=session_id,
        teacher_id=teacher_id,
        addresses=list(addresses),
    )
    if found is None:
        raise SessionNotFound
    return found


def presence_in(situation: Mapping[str, Any]) -> Row | None:
    """The record by which somebody was there, None where there is none yet; refused if it says absent."""
    record = record_in(situation)
    if record is not None and record["status"] == AttendanceStatus.ABSENT:
        raise EnteredAbsent
    return record


def record_in(situation: Mapping[str, Any]) -> Row | None:
    """The record of attendance in a situation, as its view shows it; None where there is none."""
    if situation["id"] is None:
        return None
    return {name: situation[name] for name in AttendanceView.model_fields}


_SECRET = Statement(
    select(col(ActivitySession.secret)).where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid)
    )
)
_MOST_SECRETS = 4096
_secrets: dict[UUID, bytes] = {}
"""The secrets of sessions that this process has seen: a session's never changes."""


async def find_secret(db: Connection, *, session_id: UUID) -> bytes:
    """What the codes of a session are signed with."""
    secret = _secrets.get(session_id)
    if secret is None:
        secret = await db.value(_SECRET, session_id=session_id)
        if secret is None:
            raise SessionNotFound
        if len(_secrets) >= _MOST_SECRETS:
            _secrets.clear()
        _secrets[session_id] = secret
    return secret
