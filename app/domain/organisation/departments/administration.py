"""Setting up, charging and closing departments."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Date, Uuid, bindparam, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor, require_held
from app.domain.access.holders import end_grants_over, raise_versions_over
from app.domain.access.roles import Duty, Permission, Role
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.departments.department import (
    DEPARTMENTS,
    Department,
    DepartmentFields,
    Duties,
)
from app.domain.organisation.departments.kinds import OF_BUREAUX_ALONE, OF_SCHOOLS_ALONE
from app.domain.organisation.units import Level, hold_unit, place_of
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewDepartment(DepartmentFields, Command):
    """A department to be set up in a bureau or a school."""

    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    valid_from: date | None = Field(default=None, description="设立日期，默认今天 / first day")


class DepartmentChanges(Command):
    """What of a department is to be changed; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="名称 / name")
    duties: Duties | None = Field(
        default=None, max_length=len(Duty) * 2, description="职责 / what it is charged with"
    )

    @model_validator(mode="after")
    def _empties_nothing(self) -> Self:
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


# What can be refused.


class DepartmentExists(Conflict):
    """The unit has a department of this name."""

    code = "department_exists"
    zh = "该单位已有同名部门。"
    en = "The unit has a department of this name already."


class DepartmentKindUnfit(Invalid):
    """Some kinds of departments are of bureaux alone, some of schools."""

    code = "department_kind_unfit"
    zh = "该类部门不设在这一级单位。"
    en = "Units of this level have no departments of this kind."


class DepartmentClosed(Conflict):
    """The department is no longer: what is past is not changed."""

    code = "department_closed"
    zh = "该部门已撤销。"
    en = "The department has been closed."


# What may be done.


def _check_held(actor: Actor, place: Mapping[str, Any], duties: Collection[Duty]) -> None:
    """Refuse an actor who charges a department with what they may not do themselves."""
    if duties:
        require_held(actor, Role.DEPARTMENT_OFFICER, place, duties)


async def create_department(
    db: Connection, actor: Actor, *, new: NewDepartment, now: datetime
) -> Row:
    """Set up a department in a bureau or a school that the actor administers."""
    write = Permission.DEPARTMENT_WRITE
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    is_school = unit["level"] == Level.SCHOOL
    if new.kind in (OF_BUREAUX_ALONE if is_school else OF_SCHOOLS_ALONE):
        raise DepartmentKindUnfit
    place = place_of(unit)
    _check_held(actor, place, new.duties)
    department_id = new_id()
    row = {
        "id": department_id,
        **new.model_dump(include=set(DepartmentFields.model_fields)),
        **place,
        "valid_from": new.valid_from or civil_date(now),
        "recorded_at": now,
    }
    try:
        await db.insert(Department, row)
    except UniqueViolationError:
        raise DepartmentExists from None
    return await DEPARTMENTS.get(db, actor, department_id)


async def open_department(
    db: Connection, actor: Actor, *, department_id: UUID, permission: Permission, lock: bool = False
) -> Row:
    """A department that still is, where the actor holds the permission over it."""
    row = await DEPARTMENTS.get(db, actor, department_id, permission=permission, lock=lock)
    if row["valid_to"] is not None:
        raise DepartmentClosed
    return row


async def update_department(
    db: Connection, actor: Actor, *, department_id: UUID, changes: DepartmentChanges, now: datetime
) -> Row:
    """Rename a department or charge it otherwise; its officers' tokens end when their rights change."""
    write = Permission.DEPARTMENT_WRITE
    before = await open_department(
        db, actor, department_id=department_id, permission=write, lock=True
    )
    values = changes.model_dump(exclude_unset=True)
    _check_held(actor, before, set(changes.duties or ()) - set(before["duties"]))
    try:
        await db.change(Department, department_id, values)
    except UniqueViolationError:
        raise DepartmentExists from None
    if changes.duties is not None and changes.duties != before["duties"]:
        await raise_versions_over(db, subject_ids=[department_id], now=now)
    return await DEPARTMENTS.get(db, actor, department_id)


_CLOSE = Statement(
    update(Department)
    .where(col(Department.id) == bindparam("department_id", type_=Uuid))
    .values(valid_to=bindparam("today", type_=Date))
)


async def close_department(
    db: Connection, actor: Actor, *, department_id: UUID, now: datetime
) -> Row:
    """Close a department today; the grants over it end with it, what it organised stays its own."""
    write = Permission.DEPARTMENT_WRITE
    row = await open_department(db, actor, department_id=department_id, permission=write, lock=True)
    today = max(civil_date(now), row["valid_from"])
    await db.run(_CLOSE, department_id=department_id, today=today)
    await end_grants_over(db, actor, subject_ids=[department_id], now=now)
    return await DEPARTMENTS.get(db, actor, department_id)
