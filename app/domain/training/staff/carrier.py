"""Somebody who carries an activity: the fields, the table, the two doors, what may be asked."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import Table, Versioned, key, text_enum
from app.domain.errors import NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, Teacher
from app.domain.training.activities import (
    ACTIVITIES,
    Activity,
    ActivityState,
)
from app.domain.training.activities.parts import door_of_part, parts_of
from app.domain.training.vocabulary import StaffRole
from app.sql import Connection, Row


class StaffFields(BaseModel):
    """As what somebody carries what."""

    session_id: UUID | None = Field(
        default=None, description="场次，整个活动时为空 / session; null: the whole", sa_type=Uuid
    )
    role: StaffRole = Field(description="任务 / as what", sa_type=text_enum(StaffRole))


class ActivityStaff(StaffFields, Versioned, Table, table=True):
    """One person in one role: a teacher by key, somebody from outside by name and unit."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("num_nonnulls(teacher_id, outside_name) = 1", name="one_person"),
        CheckConstraint("(outside_name IS NULL) = (outside_unit IS NULL)", name="outside"),
        UniqueConstraint(
            "activity_id", "session_id", "role", "teacher_id", "outside_name", "outside_unit",
            name="uq_activity_staff_named_once", postgresql_nulls_not_distinct=True,
        ),
        Index(
            None, "teacher_id", "id", postgresql_where=text("teacher_id IS NOT NULL"),
        ),
        Index(None, "session_id", postgresql_where=text("session_id IS NOT NULL")),
        # What an outside expert has carried.
        Index(
            None, "outside_name", "outside_unit", "id",
            postgresql_where=text("outside_name IS NOT NULL"),
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    outside_name: str | None = Field(default=None, max_length=60)
    outside_unit: str | None = Field(default=None, max_length=100)


class StaffView(StaffFields):
    """Somebody who carries an activity, as everybody sees who sees it: by name and unit alone."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    name: str = Field(description="姓名 / name")
    unit: str = Field(description="单位 / name of the unit")


class TeacherStaffView(StaffFields):
    """What a teacher carried, as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    title: str = Field(description="活动名称 / title of the activity")
    starts_on: date = Field(description="开始日期 / its first day")
    state: ActivityState = Field(description="活动状态 / its state")


# What can be refused.


class StaffNotFound(NotFound):
    """Nobody is named so at an activity that the one who asks may see."""

    code = "staff_not_found"
    zh = "未找到该活动承担者。"
    en = "Nobody is named so at the activity."


# What may be asked.

_STAFF = ActivityStaff.__table__  # type: ignore[attr-defined]
_TEACHERS, _UNITS = Teacher.__table__, Unit.__table__  # type: ignore[attr-defined]

STAFF = door_of_part(
    ActivityStaff,
    StaffView,
    StaffNotFound,
    computed={
        "name": func.coalesce(_TEACHERS.c.name, _STAFF.c.outside_name),
        "unit": func.coalesce(_UNITS.c.name, _STAFF.c.outside_unit),
    },
    joined=_STAFF.outerjoin(_TEACHERS, _STAFF.c.teacher_id == _TEACHERS.c.id).outerjoin(
        _UNITS, _TEACHERS.c.school_id == _UNITS.c.id
    ),
    sorts={"created": ()},
)
"""Staff as they belong to the activity."""

CARRIED = Door(
    table=ActivityStaff,
    view=TeacherStaffView,
    read=Permission.ATTENDANCE_READ,
    missing=StaffNotFound,
    places={**{name: _TEACHERS.c[name] for name in PLACE}, "teacher_id": _STAFF.c.teacher_id},
    computed={name: getattr(Activity, name) for name in ("title", "starts_on", "state")},
    joined=_STAFF.join(_TEACHERS, _STAFF.c.teacher_id == _TEACHERS.c.id).join(
        Activity.__table__,  # type: ignore[attr-defined]
        _STAFF.c.activity_id == col(Activity.id),
    ),
    filters={
        "teacher_id": _STAFF.c.teacher_id,
        "published": lambda wanted: col(Activity.published_at).is_not(None) == wanted,
    },
    sorts={"created": ()},
)
"""The same rows as they belong to the teacher."""


async def list_staff(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """Who carries an activity that the actor may see, in the order of naming."""
    await ACTIVITIES.get(db, actor, activity_id)
    return (await staff_of(db, actor, activity_ids=[activity_id]))[activity_id]


async def staff_of(
    db: Connection, actor: Actor, *, activity_ids: Sequence[UUID]
) -> dict[UUID, list[Row]]:
    """Who carries each of many activities and their sessions."""
    owner = col(ActivityStaff.activity_id)
    return await parts_of(db, actor, door=STAFF, owner=owner, owner_ids=activity_ids)


async def staff_of_sessions(
    db: Connection, actor: Actor, *, session_ids: Sequence[UUID]
) -> dict[UUID, list[Row]]:
    """Who carries each of many sessions."""
    owner = col(ActivityStaff.session_id)
    return await parts_of(db, actor, door=STAFF, owner=owner, owner_ids=session_ids)


async def list_teacher_staff(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """What one teacher, whom the actor may see, carried of what was published."""
    await TEACHERS.get(db, actor, teacher_id)
    filters = {"teacher_id": teacher_id, "published": True}
    return await CARRIED.page(db, actor, page, filters=filters)
