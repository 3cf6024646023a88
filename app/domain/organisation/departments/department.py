"""A department: its fields, its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Duty, Permission
from app.domain.base import (
    MOMENT,
    TODAY,
    Placed,
    Table,
    civil_date,
    in_force,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.departments.kinds import DepartmentKind
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


def _each_once(duties: list[Duty]) -> list[Duty]:
    return sorted(set(duties))


Duties = Annotated[list[Duty], AfterValidator(_each_once)]
"""A set of duties, in one order."""


class DepartmentFields(BaseModel):
    """What a department is called, what it is, and what it is charged with."""

    name: str = Field(min_length=1, max_length=100, description="名称 / name")
    kind: DepartmentKind = Field(description="类型 / kind", sa_type=text_enum(DepartmentKind))
    duties: Duties = Field(
        default_factory=list,
        max_length=len(Duty) * 2,
        description="职责：组织、归口、检查、指导、评估 / what it is charged with",
        sa_type=ARRAY(Text),
    )


class Department(DepartmentFields, Placed, Table, table=True):
    """A department, placed by the bureau or the school to which it belongs, while there is one."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("id", "unit_id"),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        Index(
            "uq_department_open", "unit_id", "name", unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class DepartmentView(DepartmentFields):
    """A department as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's department")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    valid_from: date = Field(description="设立日期 / first day")
    valid_to: date | None = Field(
        description="撤销日期（不含） / first day on which it no longer is; null while it is"
    )


# What can be refused.


class DepartmentNotFound(NotFound):
    """There is no such department for the one who asks."""

    code = "department_not_found"
    zh = "未找到该部门。"
    en = "There is no such department."


# What may be asked.


def _is_of(audience: Any) -> Any:
    return col(Department.unit_id) == any_(audience)


DEPARTMENTS = Door(
    table=Department,
    view=DepartmentView,
    read=Permission.UNIT_READ,
    missing=DepartmentNotFound,
    places={"department_id": col(Department.id)},
    audience=_is_of,
    filters={
        "unit_id": col(Department.unit_id),
        "kind": col(Department.kind),
        "duty": lambda duty: duty == any_(col(Department.duties)),
        "as_of": lambda day: in_force(Department, day),
        "is_open": lambda wanted: in_force(Department, TODAY) == wanted,
    },
    sorts={"name": (col(Department.name),), "created": ()},
)
"""A department is known to all below its unit; listed where it lies."""


async def get_department(
    db: Connection, actor: Actor, *, department_id: UUID, lock: bool = False
) -> Row:
    """One department within the actor's reach, or of a unit at or above the actor's."""
    return await DEPARTMENTS.get(db, actor, department_id, lock=lock)


async def list_departments(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    unit_id: UUID | None = None,
    kind: DepartmentKind | None = None,
    duty: Duty | None = None,
) -> Page:
    """The departments that there were on a day in the actor's place, by name unless sorted otherwise."""
    filters = {"unit_id": unit_id, "kind": kind, "duty": duty, "as_of": as_of or civil_date(now)}
    return await DEPARTMENTS.page(db, actor, page, filters=filters)


async def departments_by_id(
    db: Connection, actor: Actor, *, department_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many departments by their keys; None where the actor may not see one."""
    return await DEPARTMENTS.by_id(db, actor, department_ids, columns=columns)


async def departments_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The departments that many units have today, by name."""
    owner = col(Department.unit_id)
    return await DEPARTMENTS.rows_of(
        db, actor, owner, unit_ids, filters={"is_open": True}, columns=columns
    )
