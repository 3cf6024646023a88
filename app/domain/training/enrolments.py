"""Enrolments (报名): that a teacher means to take part in an activity offered to the teacher.

Places are given in the order of asking: whoever enrols holds the activity's row, so that the last
place goes to one.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Index,
    UniqueConstraint,
    Uuid,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, follows_teacher
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityNotFound,
    ActivityState,
    addresses_of,
    check_state,
    is_addressed,
    was_published,
)
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection, Row, Statement, new_id


class Enrolment(Placed, Table, table=True):
    """An enrolment, placed by the teacher; withdrawn ones stay, with the moment of it."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("activity_id", "teacher_id"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    enrolled_at: datetime = Field(sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)


class EnrolmentView(BaseModel):
    """An enrolment as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    enrolled_at: datetime = Field(description="报名时间 / when")
    withdrawn_at: datetime | None = Field(
        description="退出时间，未退出为空 / when it was withdrawn, null while it stands"
    )


class EnrolledView(EnrolmentView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


# What can be refused.


class EnrolmentNotFound(NotFound):
    """The teacher is not enrolled."""

    code = "enrolment_not_found"
    zh = "尚未报名该活动。"
    en = "There is no enrolment in this activity."


class ActivityFull(Conflict):
    """All places of the activity are taken."""

    code = "activity_full"
    zh = "活动名额已满（{capacity} 人）。"
    en = "All {capacity} places of the activity are taken."


# What may be asked.

ENROLMENTS = door_of_teacher(Enrolment, EnrolmentView, EnrolmentNotFound)
"""Enrolments as they belong to the teacher."""

ENROLLED = door_of_organiser(
    Enrolment,
    EnrolledView,
    EnrolmentNotFound,
    standing=col(Enrolment.withdrawn_at).is_(None),
    sorts={**BY_CREATION, **BY_NAME},
)
"""The standing ones as they belong to the organiser."""


async def list_enrolments(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """Who is enrolled in an activity that the actor organises, in the order of first enrolling."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await ENROLLED.page(db, actor, page, filters={"activity_id": activity_id})


async def list_teacher_enrolments(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The enrolments of one teacher whom the actor may see, withdrawn ones included."""
    await TEACHERS.get(db, actor, teacher_id)
    return await ENROLMENTS.page(db, actor, page, filters={"teacher_id": teacher_id})


# What may be done.

_SHOWN = [col(getattr(Enrolment, name)) for name in EnrolmentView.model_fields]
_is_offered = is_addressed(col(Activity.id), bindparam("addresses", type_=ARRAY(Uuid)))
_is_enrolled = exists(
    select(col(Enrolment.id)).where(
        col(Enrolment.activity_id) == col(Activity.id),
        col(Enrolment.teacher_id) == bindparam("teacher_id", type_=Uuid),
    )
)


def _held(meant: ColumnElement[bool]) -> Statement:
    """The activity, locked, if it was published and is meant for the teacher in this sense."""
    chosen = select(col(Activity.id), col(Activity.state), col(Activity.capacity)).where(
        col(Activity.id) == bindparam("activity_id", type_=Uuid), was_published(), meant
    )
    return Statement(chosen.with_for_update(of=Activity))


_TO_ENROL = _held(_is_offered)
_TO_WITHDRAW = _held(or_(_is_offered, _is_enrolled))
"""Who has left the audience meanwhile still gives the place back."""
_OWN = Statement(
    select(*_SHOWN).where(
        col(Enrolment.activity_id) == bindparam("activity_id", type_=Uuid),
        col(Enrolment.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(Enrolment.withdrawn_at).is_(None),
    )
)
_TAKEN = Statement(
    select(func.count())
    .select_from(Enrolment)
    .where(
        col(Enrolment.activity_id) == bindparam("activity_id", type_=Uuid),
        col(Enrolment.withdrawn_at).is_(None),
    )
)
_NAMES = (
    "id", "activity_id", "teacher_id", "city_id", "county_id", "school_id", "enrolled_at",
    "withdrawn_at",
)  # fmt: skip
_entered = insert(Enrolment).from_select(
    _NAMES,
    select(
        bindparam("enrolment_id", type_=Uuid),
        bindparam("activity_id", type_=Uuid),
        col(Teacher.id),
        col(Teacher.city_id),
        col(Teacher.county_id),
        col(Teacher.school_id),
        bindparam("now", type_=MOMENT),
        bindparam("withdrawn_at", value=None, type_=MOMENT),
    ).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid)),
)
_ENROL = Statement(
    _entered.on_conflict_do_update(
        index_elements=["activity_id", "teacher_id"],
        set_={"enrolled_at": _entered.excluded.enrolled_at, "withdrawn_at": None},
    ).returning(*_SHOWN)
)


async def enrol_oneself(db: Connection, actor: Actor, *, activity_id: UUID, now: datetime) -> Row:
    """Enrol the actor, a teacher, in an activity that is offered to the teacher.

    A repeat answers the enrolment that stands; one that was withdrawn stands again, if there is a
    place.
    """
    addresses = addresses_of(actor)
    activity = await db.one(_TO_ENROL, activity_id=activity_id, addresses=addresses)
    if activity is None:
        raise ActivityNotFound
    check_state(activity, ActivityState.PUBLISHED)
    standing = await db.one(_OWN, activity_id=activity_id, teacher_id=actor.teacher_id)
    if standing is not None:
        return standing
    capacity = activity["capacity"]
    if capacity is not None and await db.value(_TAKEN, activity_id=activity_id) >= capacity:
        raise ActivityFull(capacity=capacity)
    entered = await db.one(
        _ENROL, enrolment_id=new_id(), activity_id=activity_id, teacher_id=actor.teacher_id, now=now
    )
    if entered is None:
        raise ActivityNotFound
    return entered


_WITHDRAW = Statement(
    update(Enrolment)
    .where(
        col(Enrolment.activity_id) == bindparam("of_activity", type_=Uuid),
        col(Enrolment.teacher_id) == bindparam("of_teacher", type_=Uuid),
        col(Enrolment.withdrawn_at).is_(None),
    )
    .values(withdrawn_at=bindparam("now", type_=MOMENT))
    .returning(*_SHOWN)
)


async def withdraw_enrolment(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Withdraw the actor's own enrolment while the activity has not been held; its place is free."""
    addresses = addresses_of(actor)
    activity = await db.one(
        _TO_WITHDRAW, activity_id=activity_id, addresses=addresses, teacher_id=actor.teacher_id
    )
    if activity is None:
        raise ActivityNotFound
    check_state(activity, ActivityState.PUBLISHED)
    withdrawn = await db.one(
        _WITHDRAW, of_activity=activity_id, of_teacher=actor.teacher_id, now=now
    )
    if withdrawn is None:
        raise EnrolmentNotFound
    return withdrawn
