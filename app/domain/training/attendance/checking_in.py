"""Checking in (签到): a teacher in the room gives the code that the organiser shows there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, LargeBinary, Uuid, bindparam, case, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, act_arguments, recorded_with
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Invalid
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    SESSIONS,
    Activity,
    ActivitySession,
    addresses_of,
    is_addressed,
)
from app.domain.training.attendance.codes import code_at, end_of_step, is_current
from app.domain.training.attendance.marks import mark_of_device, mark_of_origin
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
    AttendanceView,
)
from app.domain.training.attendance.rules import AttendanceRule
from app.domain.training.attendance.situation import (
    EARLIEST,
    OPEN_STATES,
    SHOWN,
    check_open,
    find_secret,
    find_situation,
    presence_in,
)
from app.sql import Connection, Row, Statement, new_id


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
    device: str | None = Field(
        default=None,
        min_length=16,
        max_length=64,
        regex=r"^[A-Za-z0-9_-]+$",
        description="客户端随机生成的设备标识，只存不可逆标记 / a random name that the client's program"
        " made for its device; a mark of it is kept, never itself",
    )


# What can be refused.


class WrongCode(Invalid):
    """The code is not the one shown now, nor the one before."""

    code = "check_in_code_wrong"
    zh = "签到码不正确或已过期，请查看现场最新的签到码。"
    en = "The code is wrong or has expired: look at the one shown now."


# What may be asked.


async def get_check_in_code(
    db: Connection, actor: Actor, *, session_id: UUID, now: datetime
) -> Row:
    """The code of a session that the actor organises, to be shown in the room."""
    await SESSIONS.get(db, actor, session_id, permission=Permission.ATTENDANCE_WRITE)
    secret = await find_secret(db, session_id=session_id)
    code = code_at(secret, session_id, now)
    return {"session_id": session_id, "code": code, "valid_until": end_of_step(now)}


# What may be done.

_COLUMNS = Attendance.__table__.c  # type: ignore[attr-defined]
_grace = func.make_interval(0, 0, 0, 0, 0, col(AttendanceRule.late_after))
_now = bindparam("now", type_=MOMENT)
_is_late = _now >= col(ActivitySession.starts_at) + _grace
"""The predicate 'by the rule of the activity, who comes now is late'; null where it has none."""


_late, _present = (
    literal(status, _COLUMNS.status.type)
    for status in (AttendanceStatus.LATE, AttendanceStatus.PRESENT)
)
_VALUES: dict[str, Any] = {
    "id": bindparam("id", type_=Uuid),
    "session_id": col(ActivitySession.id),
    "activity_id": col(Activity.id),
    "teacher_id": col(Teacher.id),
    "city_id": col(Teacher.city_id),
    "county_id": col(Teacher.county_id),
    "school_id": col(Teacher.school_id),
    "status": case((_is_late, _late), else_=_present),
    "method": bindparam("method", AttendanceMethod.CODE, type_=_COLUMNS.method.type),
    "role": literal(AttendanceRole.PARTICIPANT, _COLUMNS.role.type),
    "checked_in_at": _now,
    "recorded_by": bindparam("recorded_by", type_=Uuid),
    "device_hash": bindparam("device_hash", None, type_=LargeBinary),
    "origin_hash": bindparam("origin_hash", None, type_=LargeBinary),
}


def _enter(*, recorded: bool) -> Statement:
    """The record, made only where all that decides is so at this moment; with `recorded`, its act."""
    situation = (
        select(*_VALUES.values())
        .select_from(ActivitySession)
        .join(Activity, col(ActivitySession.activity_id) == col(Activity.id))
        .join(Teacher, true())
        .outerjoin(AttendanceRule, col(AttendanceRule.activity_id) == col(Activity.id))
        .where(
            col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
            col(Teacher.id) == bindparam("teacher_id", type_=Uuid),
            or_(*(col(Activity.state) == state for state in OPEN_STATES)),
            col(ActivitySession.starts_at) <= bindparam("latest_start", type_=MOMENT),
            col(ActivitySession.ends_at) >= _now,
            is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))),
        )
        # Whoever closes the activity holds its row: the record is made before that, or not at all.
        .with_for_update(key_share=True, read=True, of=Activity)
    )
    made = insert(Attendance.__table__).from_select(list(_VALUES), situation)  # type: ignore[attr-defined]
    made = made.on_conflict_do_nothing(index_elements=["session_id", "teacher_id"])
    if not recorded:
        return Statement(made.returning(*SHOWN))
    places = [_COLUMNS[name] for name in PLACE]
    entered = made.returning(*SHOWN, *places).cte("entered")
    shown = select(*(entered.c[name] for name in AttendanceView.model_fields))
    return Statement(shown.add_cte(recorded_with(entered, entered.c.session_id)))


ENTER = _enter(recorded=False)
ENTER_RECORDED = _enter(recorded=True)
"""The one statement of a check-in and its act; the measurements run it beside."""


def entry_arguments(
    actor: Actor,
    session_id: UUID,
    secret: bytes,
    given: NewCheckIn,
    provenance: Provenance | None,
    moment: datetime,
) -> dict[str, Any]:
    """What the record of a code is entered with; it is of the moment at which the code was shown."""
    return {
        "id": new_id(),
        "session_id": session_id,
        "teacher_id": actor.teacher_id,
        "addresses": addresses_of(actor),
        "recorded_by": actor.account_id,
        "device_hash": mark_of_device(secret, given.device),
        "origin_hash": mark_of_origin(secret, provenance),
        "now": moment,
        "latest_start": moment + EARLIEST,
    }


async def check_in(
    db: Connection,
    actor: Actor,
    *,
    session_id: UUID,
    given: NewCheckIn,
    now: datetime,
    provenance: Provenance | None = None,
    recorded: bool = False,
) -> Row:
    """Record that the actor, a teacher whom the activity is for, is present at a session, or late.

    A repeat answers the record that there is, even after the code has changed; what the organiser
    recorded before stands, and who is entered as absent is told so (`entered_absent`). The record is
    made by one statement, which is atomic by itself; where the act is to be `recorded`, that statement
    does it too, outside any transaction.
    """
    addresses = addresses_of(actor)
    secret = await find_secret(db, session_id=session_id)
    if is_current(given.code, secret, session_id, now):
        arguments = entry_arguments(actor, session_id, secret, given, provenance, now)
        if recorded:
            act = act_arguments(actor, "check_in", provenance or Provenance())
            entered = await db.one(ENTER_RECORDED, **arguments, **act)
        else:
            entered = await db.one(ENTER, **arguments)
        if entered is not None:
            return entered
    situation = await find_situation(
        db, session_id=session_id, teacher_id=actor.teacher_id, addresses=addresses
    )
    record = presence_in(situation)
    if record is None:
        check_open(situation, now)
        raise WrongCode
    return record
