"""Asking for a place in an activity, and giving it back; the next who waits has it at once.

Places are given in the order of asking: whoever asks holds the activity's row, so that the last
place goes to one.
"""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    bindparam,
    exists,
    or_,
    select,
)
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    Activity,
    ActivityNotFound,
    ActivityState,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.activities.audience import is_candidate
from app.domain.training.enrolments.enrolment import (
    OF_TEACHERS,
    Enrolment,
    EnrolmentNotFound,
    EnrolmentState,
    EnrolmentWay,
)
from app.domain.training.enrolments.entering import check_room, end_enrolment, enter_enrolments
from app.domain.training.enrolments.room import fill_places
from app.sql import Connection, Row, Statement


class Withdrawal(Command):
    """Why a place that others asked for is given back."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


# What can be refused.


class ByNomination(Conflict):
    """Schools enrol their teachers in this activity."""

    code = "activity_by_nomination"
    zh = "该活动由学校推荐报名，教师不能自行报名。"
    en = "Schools nominate their teachers for this activity: nobody enrols alone."


class ByChoice(Conflict):
    """The places of this activity are given in a choice round."""

    code = "activity_by_choice"
    zh = "该活动的名额通过选课轮次分配，请在选课时间内选报。"
    en = "The places of this activity are given in a choice round: choose it there."


class Nominated(Conflict):
    """A place that the school asked for is declined with a reason."""

    code = "enrolment_nominated"
    zh = "该名额由学校推荐，请说明理由后谢绝。"
    en = "The school nominated you: decline with a reason instead."


class NotNominated(Conflict):
    """Only what the school asked for is declined."""

    code = "enrolment_not_nominated"
    zh = "该报名不是学校推荐的，可直接退出。"
    en = "The school did not nominate you for this: withdraw it instead."


# What may be done.

_activity = bindparam("activity_id", type_=Uuid)
_is_offered = is_addressed(
    col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid))
) & is_candidate(col(Activity.id), bindparam("teacher_id", type_=Uuid))
_is_enrolled = exists(
    select(col(Enrolment.id)).where(
        col(Enrolment.activity_id) == col(Activity.id),
        col(Enrolment.teacher_id) == bindparam("teacher_id", type_=Uuid),
    )
)


def _held(meant: ColumnElement[bool]) -> Statement:
    """The activity, locked, if it was published and is meant for the teacher in this sense."""
    chosen = select(col(Activity.id), col(Activity.state)).where(
        col(Activity.id) == _activity, was_published(), meant
    )
    return Statement(chosen.with_for_update(of=Activity))


_TO_ENROL = _held(_is_offered)
_TO_WITHDRAW = _held(or_(_is_offered, _is_enrolled))
"""Who has left the audience meanwhile still gives the place back."""
_OWN_SCHOOL = Statement(
    select(col(Teacher.school_id)).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def _own(db: Connection, activity_id: UUID, teacher_id: UUID | None) -> Row | None:
    return await db.one(OF_TEACHERS, activity_id=activity_id, teacher_ids=[teacher_id])


async def enrol_oneself(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """Enrol the actor, a teacher, in an activity that is offered to the teacher.

    A repeat answers the enrolment that stands; one that was withdrawn stands again. Where there is
    no place, whoever asks waits after the others, if the organiser keeps a waiting list.
    """
    return await _enrol(db, actor, activity_id, now, in_round=False)


async def enrol_by_choice(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """The same for an activity whose places are given by choice; the caller has seen that one may choose."""
    return await _enrol(db, actor, activity_id, now, in_round=True)


async def _enrol(
    db: Connection, actor: Actor, activity_id: UUID, now: datetime, *, in_round: bool
) -> Row:
    addresses = addresses_of(actor)
    activity = await db.one(
        _TO_ENROL, activity_id=activity_id, addresses=addresses, teacher_id=actor.teacher_id
    )
    if activity is None:
        raise ActivityNotFound
    check_state(activity, ActivityState.PUBLISHED)
    rule, room = await fill_places(db, activity_id=activity_id, now=now)
    standing = await _own(db, activity_id, actor.teacher_id)
    if standing is not None and standing["state"] != EnrolmentState.WITHDRAWN:
        return standing
    if rule["by_choice"] and not in_round:
        raise ByChoice
    if rule["by_nomination"] and not in_round:
        raise ByNomination
    school_id = await db.value(_OWN_SCHOOL, teacher_id=actor.teacher_id)
    if school_id is None or actor.teacher_id is None:
        raise ActivityNotFound
    if not rule["waiting_list"]:
        check_room(room, school_id)
    has_place = room.has_place(school_id)
    them = [actor.teacher_id]
    await enter_enrolments(
        db,
        activity_id=activity_id,
        people=them if has_place else [],
        waiting=[] if has_place else them,
        way=EnrolmentWay.OWN,
        now=now,
    )
    entered = await _own(db, activity_id, actor.teacher_id)
    if entered is None:
        raise ActivityNotFound
    return entered


async def _hold_own(db: Connection, actor: Actor, activity_id: UUID) -> Row:
    """The actor's own enrolment that stands; its activity is held, and is still to come."""
    addresses = addresses_of(actor)
    activity = await db.one(
        _TO_WITHDRAW, activity_id=activity_id, addresses=addresses, teacher_id=actor.teacher_id
    )
    if activity is None:
        raise ActivityNotFound
    check_state(activity, ActivityState.PUBLISHED)
    standing = await _own(db, activity_id, actor.teacher_id)
    if standing is None or standing["state"] == EnrolmentState.WITHDRAWN:
        raise EnrolmentNotFound
    return standing


async def withdraw_enrolment(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Withdraw the actor's own enrolment while the activity has not been held.

    The place goes to the first who waits for it.
    """
    standing = await _hold_own(db, actor, activity_id)
    if standing["way"] == EnrolmentWay.NOMINATED:
        raise Nominated
    return await end_enrolment(
        db, activity_id=activity_id, teacher_id=standing["teacher_id"], now=now
    )


async def decline_nomination(
    db: Connection, actor: Actor, *, activity_id: UUID, why: Withdrawal, now: datetime
) -> Row:
    """Decline, with a reason, the place that the actor's school asked for."""
    standing = await _hold_own(db, actor, activity_id)
    if standing["way"] != EnrolmentWay.NOMINATED:
        raise NotNominated
    return await end_enrolment(
        db,
        activity_id=activity_id,
        teacher_id=standing["teacher_id"],
        reason=why.reason,
        by=actor.account_id,
        now=now,
    )
