"""Naming who carries an activity, until it is closed."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from sqlalchemy import (
    Uuid,
    bindparam,
    delete,
    func,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.people.teachers import PersonName
from app.domain.training.activities import (
    ACTIVITIES,
    ActivitySession,
    ActivityState,
    SessionNotFound,
    check_state,
)
from app.domain.training.forms import get_form
from app.domain.training.members import check_known
from app.domain.training.staff.carrier import STAFF, ActivityStaff, StaffFields, StaffNotFound
from app.domain.training.vocabulary import StaffRole
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

MOST_STAFF = 200
"""How many may be named at one activity."""

_OPEN = (ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.HELD)

UnitName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class NewStaff(StaffFields, Command):
    """Somebody to be named at an activity: a teacher, or a person from outside."""

    teacher_id: UUID | None = Field(default=None, description="教师，或 / teacher, or")
    name: PersonName | None = Field(
        default=None, description="校外人员姓名 / name of somebody from outside"
    )
    unit: UnitName | None = Field(default=None, description="校外人员单位 / where they are from")

    @model_validator(mode="after")
    def _is_one_person(self) -> Self:
        if (self.teacher_id is None) != (self.name is not None and self.unit is not None):
            raise Unfit(
                "须为一名教师，或一名校外人员（姓名和单位）。",
                "It is a teacher, or somebody from outside by name and unit.",
            )
        if self.teacher_id is not None and (self.name or self.unit):
            raise Unfit("教师的姓名和单位以档案为准。", "A teacher's name and unit are on record.")
        return self


# What can be refused.


class StaffNamed(Conflict):
    """The person is named in this role already."""

    code = "staff_named_already"
    zh = "该人员已以此身份列入。"
    en = "This person is named in this role already."


class StaffFull(Conflict):
    """More people than one activity names."""

    code = "staff_full"
    zh = "一项活动最多列出 {limit} 名承担者。"
    en = "At most {limit} people are named at one activity."


class RoleOutsideForm(Invalid):
    """The activity's form does not know the role."""

    code = "staff_role_outside_form"
    zh = "活动样式“{form}”没有身份“{role}”。"
    en = "The activity's form {form} has no role {role}."


# What may be done.

_SESSION = Statement(
    select(func.count()).where(
        col(ActivitySession.id) == bindparam("session_id", type_=Uuid),
        col(ActivitySession.activity_id) == bindparam("activity_id", type_=Uuid),
    )
)
_NAMED = Statement(
    select(func.count()).where(
        col(ActivityStaff.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)
_REMOVE = Statement(
    delete(ActivityStaff).where(col(ActivityStaff.id) == bindparam("staff_id", type_=Uuid))
)


async def add_staff(db: Connection, actor: Actor, *, activity_id: UUID, new: NewStaff) -> Row:
    """Name somebody at an activity that the actor organises, or at one of its sessions.

    A teacher is one whom the actor may see, or a member of the group that organises it. It may be
    done until the activity is closed.
    """
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    await _check_role(db, actor, activity, new.role)
    if new.session_id is not None and not await db.value(
        _SESSION, session_id=new.session_id, activity_id=activity_id
    ):
        raise SessionNotFound
    if new.teacher_id is not None:
        group_id = activity["organiser_group_id"]
        await check_known(db, actor, teacher_id=new.teacher_id, group_id=group_id)
    if await db.value(_NAMED, activity_id=activity_id) >= MOST_STAFF:
        raise StaffFull(limit=MOST_STAFF)
    row: Row = {
        "id": new_id(),
        "activity_id": activity_id,
        "session_id": new.session_id,
        "role": new.role,
        "teacher_id": new.teacher_id,
        "outside_name": new.name,
        "outside_unit": new.unit,
    }
    try:
        await db.insert(ActivityStaff, row)
    except UniqueViolationError:
        raise StaffNamed from None
    return await STAFF.get(db, actor, row["id"])


async def _check_role(db: Connection, actor: Actor, activity: Row, role: StaffRole) -> None:
    """Refuse a role that the activity's form, if it has one that names roles, does not know."""
    if activity["form_id"] is None:
        return
    form = await get_form(db, actor, form_id=activity["form_id"])
    if form["roles"] and role not in form["roles"]:
        raise RoleOutsideForm(form=form["code"], role=role.value)


async def remove_staff(db: Connection, actor: Actor, *, staff_id: UUID) -> Row:
    """Take somebody off an activity that the actor organises, until it is closed; who it was."""
    staff = await STAFF.get(db, actor, staff_id, permission=Permission.ACTIVITY_WRITE)
    activity = await ACTIVITIES.get(
        db, actor, staff["activity_id"], permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    if not await db.run(_REMOVE, staff_id=staff_id):
        raise StaffNotFound
    return staff
