"""What a designation is, and what may be asked of designations."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Index, Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Dated,
    Table,
    civil_date,
    dated_constraints,
    holds_once,
    in_force,
    key,
    text_enum,
)
from app.domain.base import (
    known_on as believed,
)
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.facts import (
    FactView,
    end_of,
    fact_filters,
)
from app.domain.organisation.units import (
    UNITS,
    Unit,
    place_of,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement


class DesignationLevel(StrEnum):
    """Who stands behind a designation (级别)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"


class DesignationKind(StrEnum):
    """What a school was designated as (类型)."""

    DEMONSTRATION = "demonstration"
    """示范校"""
    EXPERIMENTAL = "experimental"
    """实验校"""
    BASE = "base"
    """基地校"""
    DEMONSTRATION_BASE = "demonstration_base"
    """示范基地校"""
    HONOUR = "honour"
    """荣誉称号：先进集体、文明校园等"""
    OTHER = "other"


class DesignationFields(BaseModel):
    """What a school was designated as, on which level, by whom and by which document."""

    kind: DesignationKind = Field(
        description="类型：示范校、实验校、基地校等 / kind", sa_type=text_enum(DesignationKind)
    )
    level: DesignationLevel = Field(description="级别 / level", sa_type=text_enum(DesignationLevel))
    title: str = Field(
        min_length=2, max_length=100, description="称号全称，如高效课堂实验校 / title in full"
    )
    issuer: str = Field(min_length=2, max_length=100, description="命名单位 / who gave it")
    document: str | None = Field(
        default=None, max_length=100, description="文号 / number of the document"
    )


class Designation(DesignationFields, Dated, Table, table=True):
    """That a school bears a title from a day on."""

    __table_args__ = (
        *dated_constraints(),
        holds_once("designation", "unit_id", "level", "title"),
        Index(None, "unit_id", "valid_from"),
    )

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class DesignationView(DesignationFields, FactView):
    """A designation as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="学校 / school")
    unit_name: str = Field(description="学校名称 / name of the school")


class NewDesignation(DesignationFields, Command):
    """A title that a school was given, from today unless said otherwise."""

    valid_from: date | None = Field(
        default=None, description="命名日期，默认今天 / first day; today by default"
    )
    valid_to: date | None = Field(default=None, description="终止日（不含） / end, exclusive")


class DesignationEnd(Command):
    """The day from which a school no longer bears a title, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日期，默认今天 / first day without it")


class DesignationCountView(BaseModel):
    """How many schools below a unit bear a title of a kind and a level."""

    level: DesignationLevel = Field(description="级别 / level")
    kind: DesignationKind = Field(description="类型 / kind")
    title: str = Field(description="称号 / title")
    schools: int = Field(description="学校数 / schools")


# What can be refused.


class DesignationNotFound(NotFound):
    """There is no such designation for the one who asks."""

    code = "designation_not_found"
    zh = "未找到该命名记录。"
    en = "There is no such designation."


class DesignationExists(Conflict):
    """The school bears this title on this level at that time already."""

    code = "designation_exists"
    zh = "该学校在同一时期已获此称号。"
    en = "The school bears this title at that time already."


# What may be asked.

DESIGNATIONS = Door(
    table=Designation,
    view=DesignationView,
    read=Permission.UNIT_READ,
    missing=DesignationNotFound,
    places={name: col(getattr(Unit, name)) for name in ("city_id", "county_id", "school_id")},
    computed={"unit_name": col(Unit.name)},
    joined=Designation.__table__.join(  # type: ignore[attr-defined]
        Unit.__table__,  # type: ignore[attr-defined]
        col(Designation.unit_id) == col(Unit.id),
    ),
    filters={
        "unit_id": col(Designation.unit_id),
        "county_id": col(Unit.county_id),
        "kind": col(Designation.kind),
        "level": col(Designation.level),
        **fact_filters(Designation),
    },
    sorts={"valid_from": (col(Designation.valid_from),), "created": ()},
)


async def list_designations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    county_id: UUID | None = None,
    kind: DesignationKind | None = None,
    level: DesignationLevel | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The designations of the schools that the actor may see, by first day: all, or those of a day."""
    filters = {
        "unit_id": unit_id, "county_id": county_id, "kind": kind, "level": level,
        "as_of": as_of, "known_at": end_of(known_on),
    }  # fmt: skip
    return await DESIGNATIONS.page(db, actor, page, filters=filters)


async def designations_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """All designations of many schools, by first day; one statement."""
    return await DESIGNATIONS.rows_of(
        db, actor, col(Designation.unit_id), unit_ids,
        filters={"known_at": end_of(None)}, columns=columns,
    )  # fmt: skip


_COUNTS = Statement(
    select(
        col(Designation.level),
        col(Designation.kind),
        col(Designation.title),
        func.count(col(Designation.unit_id).distinct()).label("schools"),
    )
    .join_from(Designation, Unit, col(Designation.unit_id) == col(Unit.id))
    .where(
        bindparam("place", type_=Uuid).in_(
            [col(Unit.city_id), col(Unit.county_id), col(Unit.school_id)]
        ),
        in_force(Designation, bindparam("day", type_=Date)),
        believed(Designation, bindparam("known_at", end_of(None))),
    )
    .group_by(col(Designation.level), col(Designation.kind), col(Designation.title))
    .order_by(col(Designation.level), col(Designation.kind), col(Designation.title))
)


async def list_designation_counts(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime, as_of: date | None = None
) -> list[Row]:
    """How many schools in and below a unit bear which title, today or on a day."""
    unit = await UNITS.get(db, actor, unit_id)
    # What lies above the actor is seen, but not what lies below that.
    actor.require(Permission.UNIT_READ, place_of(unit))
    return await db.all(_COUNTS, place=unit_id, day=as_of or civil_date(now))
