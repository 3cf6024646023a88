"""Checking in (签到): a teacher in the room gives the code that the organiser shows there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Uuid, bindparam, literal, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, act_arguments, recorded_with
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    SESSIONS,
    Activity,
    ActivitySession,
    ActivityState,
    SessionNotFound,
    addresses_of,
    is_addressed,
    was_published,
)
from app.domain.training.attendance.codes import code_at, end_of_step, is_current
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
    AttendanceView,
)
from app.sql import Connection, Row, Statement, new_id

EARLIEST = timedelta(minutes=30)
"""How long before its beginning a session can be checked in to."""

OPEN_STATES = (ActivityState.PUBLISHED, ActivityState.HELD)
"""The states of an activity in which attendance is taken."""


class CheckInCode(BaseModel):
    """The code to be shown in the room now."""

    session_id: UUID = Field(description="场次 / session")
    code: str = Field(description="签到码 / code")
    valid_until: datetime = Field(description="更换时间 / when the next code takes its place")


class NewCheckIn(Command):
    """What a teacher gives to check in."""

    code: str = Field(
        min_length=8, max_length=16, description="签到码 / the code shown in the room"
    )


# What can be refused.


class CheckInClosed(Conflict):
    """The session cannot be checked in to now: too early, too late, or the activity is not on."""

    code = "check_in_closed"
    zh = "当前不能签到：签到时间为 {opens_at} 至 {closes_at}，且活动须已发布、未结束。"
    en = (
        "Check-in is not open: it is from {opens_at} to {closes_at}, while the activity is"
        " published and not closed."
    )


class WrongCode(Invalid):
    """The code is not the one shown now, nor the one before."""

    code = "check_in_code_wrong"
    zh = "签到码不正确或已过期，请查看现场最新的签到码。"
    en = "The code is wrong or has expired: look at the one shown now."


# What may be asked.

_SECRET = Statement(
    select(col(ActivitySession.secret)).where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid)
    )
)


async def get_check_in_code(
    db: Connection, actor: Actor, *, session_id: UUID, now: datetime
) -> Row:
    """The code of a session that the actor organises, to be shown in the room."""
    await SESSIONS.get(db, actor, session_id, permission=Permission.ATTENDANCE_WRITE)
    secret = await db.value(_SECRET, session_id=session_id)
    if secret is None:
        raise SessionNotFound
    code = code_at(secret, session_id, now)
    return {"session_id": session_id, "code": code, "valid_until": end_of_step(now)}


# What may be done.

_SHOWN = [col(getattr(Attendance, name)) for name in AttendanceView.model_fields]
_OWN = (col(Attendance.session_id) == col(ActivitySession.id)) & (
    col(Attendance.teacher_id) == col(Teacher.id)
)

_SITUATION = Statement(
    select(
        *_SHOWN,
        col(ActivitySession.starts_at).label("_starts_at"),
        col(ActivitySession.ends_at).label("_ends_at"),
        col(Activity.state).label("_state"),
    )
    .select_from(ActivitySession)
    .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
    .join(Teacher, true())
    .outerjoin(Attendance, _OWN)
    .where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
        was_published(),
        is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))),
    )
)
"""What there is, and what decides, if the session is for this teacher at all."""

_COLUMNS = Attendance.__table__.c  # type: ignore[attr-defined]


def _enter(*, recorded: bool) -> Statement:
    """The record, made only where all that decides is so at this moment; with `recorded`, its act."""
    now = bindparam("now", type_=MOMENT)
    values = {
        "id": bindparam("id", type_=Uuid),
        "session_id": col(ActivitySession.id),
        "activity_id": col(Activity.id),
        "teacher_id": col(Teacher.id),
        "city_id": col(Teacher.city_id),
        "county_id": col(Teacher.county_id),
        "school_id": col(Teacher.school_id),
        "status": literal(AttendanceStatus.PRESENT, _COLUMNS.status.type),
        "method": literal(AttendanceMethod.CODE, _COLUMNS.method.type),
        "role": literal(AttendanceRole.PARTICIPANT, _COLUMNS.role.type),
        "checked_in_at": now,
        "recorded_by": bindparam("recorded_by", type_=Uuid),
    }
    situation = (
        select(*values.values())
        .select_from(ActivitySession)
        .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
        .join(Teacher, true())
        .where(
            col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
            col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
            or_(*(col(Activity.state) == state for state in OPEN_STATES)),
            col(ActivitySession.starts_at) <= bindparam("latest_start", type_=MOMENT),
            col(ActivitySession.ends_at) >= now,
            is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))),
        )
        # Whoever closes the activity holds its row: the record is made before that, or not at all.
        .with_for_update(key_share=True, read=True, of=Activity)
    )
    made = insert(Attendance.__table__).from_select(list(values), situation)  # type: ignore[attr-defined]
    made = made.on_conflict_do_nothing(index_elements=["session_id", "teacher_id"])
    if not recorded:
        return Statement(made.returning(*_SHOWN))
    places = [_COLUMNS[name] for name in PLACE]
    entered = made.returning(*_SHOWN, *places).cte("entered")
    shown = select(*(entered.c[name] for name in AttendanceView.model_fields))
    return Statement(shown.add_cte(recorded_with(entered, entered.c.session_id)))


_ENTER = _enter(recorded=False)
ENTER_RECORDED = _enter(recorded=True)
"""The one statement of a check-in and its act; the measurements run it beside."""

_MOST_SECRETS = 4096
_secrets: dict[UUID, bytes] = {}
"""The secrets of sessions that this process has seen: a session's never changes."""


async def check_in(
    db: Connection,
    actor: Actor,
    *,
    session_id: UUID,
    given: NewCheckIn,
    now: datetime,
    provenance: Provenance | None = None,
) -> Row:
    """Record that the actor, a teacher whom the activity is for, is present at a session.

    A repeat answers the record that there is, even after the code has changed; what the organiser
    recorded before stands. The record is made by one statement, which is atomic by itself; with the
    `provenance` of the request that statement records the act too, outside any transaction.
    """
    addresses = addresses_of(actor)
    key = {"session_id": session_id, "teacher_id": actor.teacher_id, "addresses": addresses}
    secret = await _secret_of(db, session_id)
    if is_current(given.code, secret, session_id, now):
        record = {
            **key,
            "id": new_id(),
            "now": now,
            "latest_start": now + EARLIEST,
            "recorded_by": actor.account_id,
        }
        if provenance is None:
            entered = await db.one(_ENTER, **record)
        else:
            act = act_arguments(actor, "check_in", provenance)
            entered = await db.one(ENTER_RECORDED, **record, **act)
        if entered is not None:
            return entered
    return await _existing_or_refused(db, key, now)


async def _secret_of(db: Connection, session_id: UUID) -> bytes:
    secret = _secrets.get(session_id)
    if secret is None:
        secret = await db.value(_SECRET, session_id=session_id)
        if secret is None:
            raise SessionNotFound
        if len(_secrets) >= _MOST_SECRETS:
            _secrets.clear()
        _secrets[session_id] = secret
    return secret


async def _existing_or_refused(db: Connection, key: dict[str, Any], now: datetime) -> Row:
    """The record that there is already, or why none is made."""
    found = await db.one(_SITUATION, **key)
    if found is None:
        raise SessionNotFound
    if found["id"] is not None:
        return {name: found[name] for name in AttendanceView.model_fields}
    opens_at, closes_at = found["_starts_at"] - EARLIEST, found["_ends_at"]
    if found["_state"] in OPEN_STATES and opens_at <= now <= closes_at:
        raise WrongCode
    raise CheckInClosed(opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat())
