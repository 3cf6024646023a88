"""Neighbour systems (关联系统): other systems of the bureau, with where they are and by what they know a unit.

The student register (中小學生學籍管理系統) and the education network (陜西教育專網) keep their data themselves.
Here stands only that there is such a system, its address, and under which identifier it has a school; nothing
of what it holds is copied.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import (
    ColumnElement,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.units import Unit, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

WebAddress = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s]*$", max_length=500)
]


class SystemKind(StrEnum):
    """What a neighbour system is for (系统类型)."""

    STUDENT_REGISTER = "student_register"
    """学籍管理系统"""
    TEACHER_REGISTER = "teacher_register"
    """教师管理信息系统"""
    EDUCATION_NETWORK = "education_network"
    """教育专网"""
    RESOURCE_PLATFORM = "resource_platform"
    """资源平台"""
    OTHER = "other"
    """其他"""


class SystemFields(BaseModel):
    """Which system it is, and where."""

    name: str = Field(min_length=2, max_length=100, description="系统名称 / name")
    kind: SystemKind = Field(description="系统类型 / kind", sa_type=text_enum(SystemKind))
    link: WebAddress = Field(description="网址 / its address, of http or https", max_length=500)
    operated_by: str = Field(
        min_length=2, max_length=100, description="主管或运营单位 / who runs it"
    )


class NeighbourSystem(SystemFields, Placed, Table, table=True):
    """A system that a bureau has registered, for all below it."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "name"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    registered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    registered_at: datetime = Field(sa_type=MOMENT)


class SystemIdentifier(Table, table=True):
    """Under which identifier a neighbour system has a unit."""

    __table_args__ = (
        UniqueConstraint("system_id", "unit_id"),
        UniqueConstraint("system_id", "identifier"),
        Index(None, "unit_id"),
    )

    id: UUID = key()
    system_id: UUID = Field(foreign_key="neighbour_system.id", sa_type=Uuid)
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    identifier: str = Field(max_length=100)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)


class NeighbourSystemView(SystemFields):
    """A neighbour system as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="登记单位 / unit that registered it")
    registered_at: datetime = Field(description="登记时间 / when it was registered")


class SystemIdentifierView(BaseModel):
    """Under which identifier a system has a unit, as both faces show it."""

    id: UUID = Field(description="标识 / key")
    system_id: UUID = Field(description="关联系统 / system")
    unit_id: UUID = Field(description="单位 / unit")
    identifier: str = Field(description="在该系统中的标识 / identifier there")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewNeighbourSystem(SystemFields, Command):
    """A system to be registered."""

    unit_id: UUID = Field(description="登记单位 / unit that registers it")


class NewSystemIdentifier(Command):
    """Under which identifier a system has a unit."""

    system_id: UUID = Field(description="关联系统 / system")
    identifier: str = Field(
        min_length=1, max_length=100, description="在该系统中的标识 / identifier there"
    )


# What can be refused.


class NeighbourSystemNotFound(NotFound):
    """There is no such system for the one who asks."""

    code = "neighbour_system_not_found"
    zh = "未找到该关联系统。"
    en = "There is no such neighbour system."


class SystemIdentifierNotFound(NotFound):
    """There is no such identifier for the one who asks."""

    code = "system_identifier_not_found"
    zh = "未找到该系统标识。"
    en = "There is no such identifier."


class NeighbourSystemExists(Conflict):
    """The unit has registered a system of this name."""

    code = "neighbour_system_exists"
    zh = "该单位已登记同名系统。"
    en = "The unit has registered a system of this name already."


class SystemIdentifierTaken(Conflict):
    """The system has another unit under this identifier."""

    code = "system_identifier_taken"
    zh = "该标识在此系统中已属于另一单位。"
    en = "That system has another unit under this identifier."


# What may be asked.


def _is_for(audience: Any) -> ColumnElement[bool]:
    """The predicate 'a unit above the one who asks has registered it'."""
    is_for: ColumnElement[bool] = col(NeighbourSystem.unit_id) == any_(audience)
    return is_for


NEIGHBOUR_SYSTEMS = Door(
    table=NeighbourSystem,
    view=NeighbourSystemView,
    read=Permission.UNIT_READ,
    missing=NeighbourSystemNotFound,
    audience=_is_for,
    filters={"kind": col(NeighbourSystem.kind)},
    sorts={"name": (col(NeighbourSystem.name),), "created": ()},
)
"""Systems, known to everybody below the unit that registered one."""

SYSTEM_IDENTIFIERS = Door(
    table=SystemIdentifier,
    view=SystemIdentifierView,
    read=Permission.UNIT_READ,
    missing=SystemIdentifierNotFound,
    places={name: col(getattr(Unit, name)) for name in PLACE},
    joined=SystemIdentifier.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(SystemIdentifier.unit_id) == col(Unit.id),
    ),
    filters={
        "system_id": col(SystemIdentifier.system_id), "unit_id": col(SystemIdentifier.unit_id),
    },
    sorts={"created": ()},
)  # fmt: skip
"""Identifiers, seen by whoever sees the unit."""


async def get_neighbour_system(db: Connection, actor: Actor, *, system_id: UUID) -> Row:
    """One system that a unit at or above the actor's has registered, or one below it."""
    return await NEIGHBOUR_SYSTEMS.get(db, actor, system_id)


async def list_neighbour_systems(
    db: Connection, actor: Actor, *, page: PageRequest, kind: SystemKind | None = None
) -> Page:
    """The systems that the units at and above the actor's place have registered, by name."""
    actor.require(Permission.UNIT_READ)
    return await NEIGHBOUR_SYSTEMS.page(db, actor, page, filters={"kind": kind}, published=True)


async def neighbour_systems_by_id(
    db: Connection, actor: Actor, *, system_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many systems by their keys; None where the actor may not see one."""
    return await NEIGHBOUR_SYSTEMS.by_id(db, actor, system_ids, columns=columns)


async def list_system_identifiers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    system_id: UUID | None = None,
) -> Page:
    """Under which identifiers systems have the units that the actor sees."""
    filters = {"unit_id": unit_id, "system_id": system_id}
    return await SYSTEM_IDENTIFIERS.page(db, actor, page, filters=filters)


# What may be done.


async def register_neighbour_system(
    db: Connection, actor: Actor, *, new: NewNeighbourSystem, now: datetime
) -> Row:
    """Register a system for all below a unit."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.STATISTIC_WRITE)
    row: Row = {
        "id": new_id(), **new.model_dump(include=set(SystemFields.model_fields)),
        **place_of(unit), "registered_by": actor.account_id, "registered_at": now,
    }  # fmt: skip
    try:
        await db.insert(NeighbourSystem, row)
    except UniqueViolationError:
        raise NeighbourSystemExists from None
    return await NEIGHBOUR_SYSTEMS.get(db, actor, row["id"])


_HELD = Statement(
    select(col(SystemIdentifier.id)).where(
        col(SystemIdentifier.unit_id) == bindparam("unit_id", type_=Uuid),
        col(SystemIdentifier.system_id) == bindparam("system_id", type_=Uuid),
    )
)


async def record_system_identifier(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewSystemIdentifier, now: datetime
) -> Row:
    """Record under which identifier a system has a unit, in place of what was recorded before."""
    await hold_unit(db, actor, unit_id=unit_id, permission=Permission.STATISTIC_WRITE)
    await NEIGHBOUR_SYSTEMS.get(db, actor, new.system_id)
    said: dict[str, Any] = {
        "identifier": new.identifier, "recorded_by": actor.account_id, "recorded_at": now,
    }  # fmt: skip
    held: UUID | None = await db.value(_HELD, unit_id=unit_id, system_id=new.system_id)
    kept = held or new_id()
    try:
        if held is not None:
            await db.change(SystemIdentifier, held, said)
        else:
            row = {"id": kept, "unit_id": unit_id, "system_id": new.system_id, **said}
            await db.insert(SystemIdentifier, row)
    except UniqueViolationError:
        raise SystemIdentifierTaken from None
    return await SYSTEM_IDENTIFIERS.get(db, actor, kept)
