"""An enrolment (报名): that a teacher means to take part in an activity, and has a place or waits.

It is placed by the teacher. Whoever gives or takes a place holds the activity's row.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, columns_of, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, follows_teacher
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection, Statement


class EnrolmentWay(StrEnum):
    """How an enrolment came about (报名方式)."""

    OWN = "own"
    """本人报名"""
    NOMINATED = "nominated"
    """学校推荐"""
    ORGANISER = "organiser"
    """组织者安排"""


class EnrolmentState(StrEnum):
    """Where an enrolment stands (报名状态)."""

    ENROLLED = "enrolled"
    """已报名"""
    WAITING = "waiting"
    """候补中"""
    WITHDRAWN = "withdrawn"
    """已退出"""


class Enrolment(Placed, Versioned, Table, table=True):
    """An enrolment; withdrawn ones stay, with the moment of it.

    `waiting_turn` is null where a place was given, otherwise the order of asking in this activity.
    """

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("activity_id", "teacher_id"),
        CheckConstraint("waiting_turn > 0", name="waiting_turn"),
        Index(None, "teacher_id", "id"),
        Index(
            None, "activity_id", "waiting_turn",
            postgresql_where=text("waiting_turn IS NOT NULL AND withdrawn_at IS NULL"),
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    enrolled_at: datetime = Field(sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    waiting_turn: int | None = None
    way: EnrolmentWay = Field(
        sa_type=text_enum(EnrolmentWay), sa_column_kwargs={"server_default": EnrolmentWay.OWN.value}
    )
    reason: str | None = Field(default=None, max_length=500)
    entered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawal_reason: str | None = Field(default=None, max_length=500)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class EnrolmentView(BaseModel):
    """An enrolment as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: EnrolmentState = Field(description="状态 / whether there is a place")
    position: int | None = Field(
        description="候补顺位，从 1 起 / place in the waiting list, from 1"
    )
    way: EnrolmentWay = Field(description="报名方式 / how it came about")
    reason: str | None = Field(description="他人代为报名的理由 / why others entered it")
    enrolled_at: datetime = Field(description="报名时间 / when it was asked for")
    withdrawn_at: datetime | None = Field(
        description="退出时间，未退出为空 / when it was withdrawn, null while it stands"
    )
    withdrawal_reason: str | None = Field(description="退出理由 / why it was withdrawn")


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


# What may be asked.

STANDING = col(Enrolment.withdrawn_at).is_(None)
"""The predicate 'this enrolment was not withdrawn'."""
HAS_PLACE = STANDING & col(Enrolment.waiting_turn).is_(None)
"""The predicate 'this enrolment has a place'."""
WAITS = STANDING & col(Enrolment.waiting_turn).is_not(None)
"""The predicate 'this enrolment waits for a place'."""

_before: Any = aliased(Enrolment)
_position = (
    select(func.count())
    .where(
        _before.activity_id == col(Enrolment.activity_id),
        _before.withdrawn_at.is_(None),
        _before.waiting_turn <= col(Enrolment.waiting_turn),
    )
    .correlate(Enrolment)
    .scalar_subquery()
)
_COMPUTED = {
    "state": case(
        (~STANDING, literal(EnrolmentState.WITHDRAWN.value)),
        (WAITS, literal(EnrolmentState.WAITING.value)),
        else_=literal(EnrolmentState.ENROLLED.value),
    ),
    "position": case((WAITS, _position), else_=null()),
}
SHOWN = columns_of(Enrolment, EnrolmentView, **_COMPUTED)
"""The columns of the teacher's view."""

ENROLMENTS = door_of_teacher(Enrolment, EnrolmentView, EnrolmentNotFound, computed=_COMPUTED)
"""Enrolments as they belong to the teacher."""

ENROLLED = door_of_organiser(
    Enrolment,
    EnrolledView,
    EnrolmentNotFound,
    standing=HAS_PLACE,
    computed=_COMPUTED,
    sorts={**BY_CREATION, **BY_NAME},
)
"""Those with a place as they belong to the organiser."""

WAITING = door_of_organiser(
    Enrolment,
    EnrolledView,
    EnrolmentNotFound,
    standing=WAITS,
    computed=_COMPUTED,
    sorts={"turn": (col(Enrolment.waiting_turn),), **BY_NAME},
)
"""Those who wait as they belong to the organiser."""


async def list_enrolments(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """Who has a place in an activity that the actor organises, in the order of first enrolling."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await ENROLLED.page(db, actor, page, filters={"activity_id": activity_id})


async def list_waiting(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """Who waits for a place in an activity that the actor organises, the first first."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await WAITING.page(db, actor, page, filters={"activity_id": activity_id})


async def list_teacher_enrolments(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The enrolments of one teacher whom the actor may see, withdrawn ones included.

    Of one that waits, `position` is the place in the waiting list.
    """
    await TEACHERS.get(db, actor, teacher_id)
    return await ENROLMENTS.page(db, actor, page, filters={"teacher_id": teacher_id})


OF_TEACHERS = Statement(
    select(*SHOWN)
    .where(
        col(Enrolment.activity_id) == bindparam("activity_id", type_=Uuid),
        col(Enrolment.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
    )
    .order_by(col(Enrolment.id))
)
"""What there is of these teachers in an activity, whose door the caller has passed."""
