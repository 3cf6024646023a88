"""Entering trainees into an activity, and keeping their roll."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command
from app.domain.errors import Conflict, Invalid
from app.domain.people.trainees import TRAINEES, TraineeNotFound
from app.domain.training.activities import (
    ACTIVITIES,
    check_state,
)
from app.domain.training.activity_trainees.part import (
    ACTIVITY_TRAINEES,
    ActivityTrainee,
    ActivityTraineeNotFound,
    TraineeAttendance,
)
from app.domain.training.attendance import OPEN_STATES, AttendanceStatus
from app.domain.training.attendance.register import check_begun, hold_register
from app.sql import Connection, ForeignKeyViolationError, Row, Statement, new_id


class NewActivityTrainees(Command):
    """Who takes part."""

    trainee_ids: list[UUID] = Field(
        min_length=1, max_length=500, description="学员 / trainees of the register, at most 500"
    )


class NewTraineeAttendance(NewActivityTrainees):
    """What these trainees were at a session."""

    status: AttendanceStatus = Field(description="出勤状态 / status")


# What can be refused.


class ActivityTraineeAttended(Conflict):
    """Who is on the roll of a session stays."""

    code = "activity_trainee_attended"
    zh = "该学员已有考勤记录，不能移除。"
    en = "The trainee is on the roll of a session and stays in the activity."


class TraineesOutsideActivity(Invalid):
    """The roll names trainees who were not entered into the activity."""

    code = "trainees_outside_activity"
    zh = "有 {count} 名学员未登记参加该活动。"
    en = "{count} of the trainees were not entered into the activity."


# What may be done.

_given = func.unnest(bindparam("trainee_ids", type_=ARRAY(Uuid)))
_ENTER = Statement(
    insert(ActivityTrainee)
    .from_select(
        ["id", "activity_id", "trainee_id", "entered_at", "entered_by"],
        select(
            func.unnest(bindparam("ids", type_=ARRAY(Uuid))),
            bindparam("activity_id", type_=Uuid),
            _given,
            bindparam("now", type_=MOMENT),
            bindparam("by", type_=Uuid),
        ),
    )
    .on_conflict_do_nothing(index_elements=["activity_id", "trainee_id"])
)
_PARTS = Statement(
    ACTIVITY_TRAINEES.select()
    .where(
        col(ActivityTrainee.activity_id) == bindparam("activity_id", type_=Uuid),
        col(ActivityTrainee.trainee_id) == any_(bindparam("trainee_ids", type_=ARRAY(Uuid))),
    )
    .order_by(col(ActivityTrainee.id))
)


async def enter_activity_trainees(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewActivityTrainees, now: datetime
) -> list[Row]:
    """Enter trainees whom the actor may see into an activity that the actor organises; all or none.

    Who is entered already stays so.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ATTENDANCE_WRITE, lock=True
    )
    check_state(activity, *OPEN_STATES)
    wanted = list(dict.fromkeys(new.trainee_ids))
    if None in (await TRAINEES.by_id(db, actor, wanted)).values():
        raise TraineeNotFound
    await db.run(
        _ENTER,
        ids=[new_id() for _ in wanted],
        activity_id=activity_id,
        trainee_ids=wanted,
        now=now,
        by=actor.account_id,
    )
    return await db.all(_PARTS, activity_id=activity_id, trainee_ids=wanted)


_REMOVE = Statement(
    delete(ActivityTrainee).where(col(ActivityTrainee.id) == bindparam("part_id", type_=Uuid))
)


async def remove_activity_trainee(db: Connection, actor: Actor, *, part_id: UUID) -> Row:
    """Take a trainee who was at no roll out of an activity that the actor organises; what it was."""
    wanted = Permission.ATTENDANCE_WRITE
    part = await ACTIVITY_TRAINEES.get(db, actor, part_id, permission=wanted)
    activity = await ACTIVITIES.get(db, actor, part["activity_id"], permission=wanted, lock=True)
    check_state(activity, *OPEN_STATES)
    try:
        removed = await db.run(_REMOVE, part_id=part_id)
    except ForeignKeyViolationError:
        raise ActivityTraineeAttended from None
    if not removed:
        raise ActivityTraineeNotFound
    return part


_recorded = insert(TraineeAttendance).from_select(
    ["session_id", "trainee_id", "activity_id", "status", "recorded_at", "recorded_by"],
    select(
        bindparam("session_id", type_=Uuid),
        _given,
        bindparam("activity_id", type_=Uuid),
        bindparam("status", type_=TraineeAttendance.__table__.c.status.type),  # type: ignore[attr-defined]
        bindparam("now", type_=MOMENT),
        bindparam("by", type_=Uuid),
    ),
)
_RECORD = Statement(
    _recorded.on_conflict_do_update(
        index_elements=["session_id", "trainee_id"],
        set_={name: _recorded.excluded[name] for name in ("status", "recorded_at", "recorded_by")},
    )
)


async def record_trainee_attendance(
    db: Connection, actor: Actor, *, session_id: UUID, new: NewTraineeAttendance, now: datetime
) -> list[Row]:
    """Keep the roll of trainees at a session that the actor organises; for all of them or for none."""
    session = await hold_register(db, actor, session_id=session_id)
    check_begun(session, [new.status], now)
    wanted, activity_id = list(dict.fromkeys(new.trainee_ids)), session["activity_id"]
    key = {"activity_id": activity_id, "trainee_ids": wanted}
    known = await db.all(_PARTS, **key)
    if len(known) < len(wanted):
        raise TraineesOutsideActivity(count=len(wanted) - len(known))
    await db.run(
        _RECORD,
        session_id=session_id,
        **key,
        status=new.status,
        now=now,
        by=actor.account_id,
    )
    return await db.all(_PARTS, **key)
