"""Places that others ask for: a school nominates its teachers, the organiser gives and takes places."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Invalid
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    ActivityState,
    check_state,
    is_meant_for_teacher,
)
from app.domain.training.enrolments.enrolling import ByChoice, Withdrawal
from app.domain.training.enrolments.enrolment import (
    OF_TEACHERS,
    EnrolmentState,
    EnrolmentWay,
)
from app.domain.training.enrolments.entering import (
    ActivityFull,
    check_room,
    end_enrolment,
    enter_enrolments,
)
from app.domain.training.enrolments.room import Room, fill_places
from app.sql import Connection, Row, Statement


class Nomination(Command):
    """Whom a school nominates for an activity, and why them."""

    activity_id: UUID = Field(description="活动 / activity")
    teacher_ids: list[UUID] = Field(
        min_length=1, max_length=200, description="推荐的教师 / the teachers"
    )
    reason: str | None = Field(
        default=None, min_length=2, max_length=500, description="推荐理由 / why them"
    )


class Placement(Command):
    """To whom the organiser gives a place, and why."""

    teacher_id: UUID = Field(description="教师 / teacher")
    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


# What can be refused.


class NominationUnfit(Invalid):
    """A school nominates its own teachers, among those whom the activity is for."""

    code = "nomination_unfit"
    zh = "有 {count} 名教师不属于本校或不在参训对象之内。"
    en = "{count} of the teachers are not the school's, or the activity is not for them."


class PlacementUnfit(Invalid):
    """A place is given to those whom the activity is for."""

    code = "enrolment_outside_audience"
    zh = "该教师不在本活动的参训对象之内。"
    en = "The activity is not for this teacher."


# What may be done.

_MEANT = Statement(
    select(col(Teacher.id), col(Teacher.school_id)).where(
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(Teacher.merged_into_id).is_(None),
        is_meant_for_teacher(bindparam("activity_id", type_=Uuid)),
    )
)


async def nominate_teachers(
    db: Connection, actor: Actor, *, school_id: UUID, nomination: Nomination, now: datetime
) -> list[Row]:
    """Enrol teachers of a school for which the actor acts in what is published to the school.

    All of them have a place or, where the organiser keeps a waiting list, wait for one; without such
    a list it is done for all or for none. Who is enrolled already stays as enrolled.
    """
    await UNITS.get(db, actor, school_id, permission=Permission.ACTIVITY_WRITE)
    activity_id, wanted = nomination.activity_id, list(dict.fromkeys(nomination.teacher_ids))
    activity = await ACTIVITIES.get(db, actor, activity_id, lock=True)
    check_state(activity, ActivityState.PUBLISHED)
    meant = await db.all(_MEANT, activity_id=activity_id, teacher_ids=wanted)
    own = {row["id"] for row in meant if row["school_id"] == school_id}
    if len(own) < len(wanted):
        raise NominationUnfit(count=len(wanted) - len(own))
    rule, room = await fill_places(db, activity_id=activity_id, now=now)
    if rule["by_choice"]:
        raise ByChoice
    known = await db.all(OF_TEACHERS, activity_id=activity_id, teacher_ids=wanted)
    standing = {row["teacher_id"] for row in known if row["state"] != EnrolmentState.WITHDRAWN}
    asking = [teacher_id for teacher_id in wanted if teacher_id not in standing]
    placed = _placed(room, school_id, asking)
    if placed < len(asking) and not rule["waiting_list"]:
        check_room(room, school_id)
    if asking:
        await enter_enrolments(
            db,
            activity_id=activity_id,
            people=asking[:placed],
            waiting=asking[placed:],
            way=EnrolmentWay.NOMINATED,
            reason=nomination.reason,
            entered_by=actor.account_id,
            now=now,
        )
    return await db.all(OF_TEACHERS, activity_id=activity_id, teacher_ids=wanted)


def _placed(room: Room, school_id: UUID, asking: Sequence[UUID]) -> int:
    """How many of a school's teachers have a place; they are counted as taken."""
    for number, _ in enumerate(asking):
        if not room.has_place(school_id):
            return number
        room.take(school_id)
    return len(asking)


async def enrol_teacher(
    db: Connection, actor: Actor, *, activity_id: UUID, placement: Placement, now: datetime
) -> Row:
    """Give a teacher a place in an activity that the actor organises, before those who wait.

    It may be one that a quota keeps for another school; it is never one more than there are.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.PUBLISHED)
    them = [placement.teacher_id]
    if not await db.all(_MEANT, activity_id=activity_id, teacher_ids=them):
        raise PlacementUnfit
    known = await db.one(OF_TEACHERS, activity_id=activity_id, teacher_ids=them)
    if known is not None and known["state"] == EnrolmentState.ENROLLED:
        return known
    _, room = await fill_places(db, activity_id=activity_id, now=now)
    if room.is_full:
        raise ActivityFull(capacity=activity["capacity"])
    await enter_enrolments(
        db,
        activity_id=activity_id,
        people=them,
        way=EnrolmentWay.ORGANISER,
        reason=placement.reason,
        entered_by=actor.account_id,
        now=now,
    )
    return (await db.all(OF_TEACHERS, activity_id=activity_id, teacher_ids=them))[0]


async def remove_enrolment(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    teacher_id: UUID,
    why: Withdrawal,
    now: datetime,
) -> Row:
    """Take back the place, or the turn, of somebody in an activity that the actor organises.

    The place goes to the first who waits for it.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.PUBLISHED)
    return await end_enrolment(
        db,
        activity_id=activity_id,
        teacher_id=teacher_id,
        reason=why.reason,
        by=actor.account_id,
        now=now,
    )
