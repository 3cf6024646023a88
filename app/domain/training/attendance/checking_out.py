"""Checking out (签退): the code once more on leaving, where the activity asks for it.

The minutes present are those between both codes that lie within the session.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, LargeBinary, Uuid, bindparam, case, literal, or_, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT
from app.domain.errors import Conflict
from app.domain.training.activities import addresses_of
from app.domain.training.attendance.checking_in import NewCheckIn, WrongCode
from app.domain.training.attendance.codes import is_current
from app.domain.training.attendance.marks import mark_of_device
from app.domain.training.attendance.record import Attendance, AttendanceStatus
from app.domain.training.attendance.situation import (
    OPEN_STATES,
    SHOWN,
    find_secret,
    find_situation,
    record_in,
)
from app.domain.training.attendance.writing import ATTENDED
from app.sql import Connection, Row, Statement

LATEST = timedelta(minutes=30)
"""How long after its end a session can be checked out of."""


class NewCheckOut(NewCheckIn):
    """What a teacher gives to check out."""


# What can be refused.


class CheckOutNotAsked(Conflict):
    """The activity does not ask for a code on leaving."""

    code = "check_out_not_asked"
    zh = "本活动不要求签退。"
    en = "This activity does not ask for a code on leaving."


class CheckOutClosed(Conflict):
    """The session cannot be checked out of now: too early, too late, or the activity is not on."""

    code = "check_out_closed"
    zh = "当前不能签退：签退时间为 {opens_at} 至 {closes_at}，且活动未结束。"
    en = "Check-out is not open: it is from {opens_at} to {closes_at}, while the activity is on."


class CheckOutBeforeCheckIn(Conflict):
    """Who has given no code on coming, or counts as absent, has nothing to check out of."""

    code = "check_out_before_check_in"
    zh = "您尚未签到，不能签退。"
    en = "You have not checked in, so you cannot check out."


# What may be done.

_STATUS = Attendance.__table__.c.status  # type: ignore[attr-defined]
_LEFT_EARLY = literal(AttendanceStatus.LEFT_EARLY, _STATUS.type)
_LEAVE = Statement(
    update(Attendance)
    .where(
        col(Attendance.id) == bindparam("attendance_id", type_=Uuid),
        col(Attendance.checked_out_at).is_(None),
        or_(*(col(Attendance.status) == status for status in ATTENDED)),
    )
    .values(
        checked_out_at=bindparam("now", type_=MOMENT),
        minutes=bindparam("present_minutes", type_=Integer),
        status=case((bindparam("left_early", type_=Boolean), _LEFT_EARLY), else_=_STATUS),
        left_device_hash=bindparam("device_mark", type_=LargeBinary),
    )
    .returning(*SHOWN)
)


async def check_out(
    db: Connection, actor: Actor, *, session_id: UUID, given: NewCheckOut, now: datetime
) -> Row:
    """Record that the actor leaves a session, and for how long the actor was there.

    Who was there for less than the share that the activity demands has left early. A repeat answers
    the record that there is: the first code on leaving counts.
    """
    addresses = addresses_of(actor)
    secret = await find_secret(db, session_id=session_id)
    key: dict[str, Any] = {
        "session_id": session_id,
        "teacher_id": actor.teacher_id,
        "addresses": addresses,
    }
    situation = await find_situation(db, **key, held=True)
    record = record_in(situation)
    if record is not None and record["checked_out_at"] is not None:
        return record
    _check_open(situation, now)
    if not is_current(given.code, secret, session_id, now):
        raise WrongCode
    if record is None or record["checked_in_at"] is None or record["status"] not in ATTENDED:
        raise CheckOutBeforeCheckIn
    minutes, whole = _minutes(situation, record["checked_in_at"], now)
    share = situation["_least_share"]
    left_early = share is not None and minutes * 100 < share * whole
    left = await db.one(
        _LEAVE,
        attendance_id=record["id"],
        now=now,
        present_minutes=minutes,
        left_early=left_early,
        device_mark=mark_of_device(secret, given.device),
    )
    # None where the same teacher did it twice at once, or the organiser recorded something else.
    return left or record_in(await find_situation(db, **key)) or record


def _check_open(situation: Row, now: datetime) -> None:
    if not situation["_records_leaving"]:
        raise CheckOutNotAsked
    opens_at, closes_at = situation["_starts_at"], situation["_ends_at"] + LATEST
    if situation["_state"] not in OPEN_STATES or not opens_at <= now <= closes_at:
        raise CheckOutClosed(opens_at=opens_at, closes_at=closes_at)


def _minutes(situation: Row, came: datetime, left: datetime) -> tuple[int, int]:
    """The whole minutes present within the session, and those that it has."""
    begins, ends = situation["_starts_at"], situation["_ends_at"]
    present = min(left, ends) - max(came, begins)
    minute = timedelta(minutes=1)
    return max(present // minute, 0), (ends - begins) // minute
