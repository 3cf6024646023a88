"""Programmes (人才培养工程、培训项目): what a bureau or a school does over years to bring on certain teachers.

A programme has cohorts (`cohorts`), each with its places and its goals; schools nominate teachers for
them, and who runs the programme admits them (`cohort_members`). People who are no teachers take part
as trainees (`trainees`), and are counted apart.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import CheckConstraint, Computed, Index, Uuid, any_
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.organisation.designations import DesignationLevel
from app.domain.organisation.units import hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, new_id


class ProgrammeKind(StrEnum):
    """Which programme it is (类型), as the bureaux name them."""

    MASTER_TEACHERS = "master_teachers"
    """名师工程"""
    BACKBONE_TEACHERS = "backbone_teachers"
    """骨干工程"""
    OLD_AND_YOUNG = "old_and_young"
    """青蓝工程: experienced teachers bring on young ones"""
    OUTSTANDING_YOUNG = "outstanding_young"
    """优青工程"""
    GEM_CUP = "gem_cup"
    """宝石杯"""
    MASTERS_AND_PRINCIPALS = "masters_and_principals"
    """双名工程: of 名师 and 名校长"""
    NATIONAL_TRAINING = "national_training"
    """国培计划"""
    PROVINCIAL_TRAINING = "provincial_training"
    """省级培训项目"""
    CITY_TRAINING = "city_training"
    """市级培训项目"""
    OTHER = "other"


class ProgrammeFields(BaseModel):
    """What a programme is called, what it is for, and for how long it runs."""

    name: str = Field(min_length=2, max_length=100, description="名称 / name")
    kind: ProgrammeKind = Field(description="类型 / kind", sa_type=text_enum(ProgrammeKind))
    level: DesignationLevel = Field(description="级别 / level", sa_type=text_enum(DesignationLevel))
    purpose: str = Field(min_length=2, max_length=1000, description="培养目标 / what it is for")
    document: str | None = Field(
        default=None,
        min_length=2,
        max_length=200,
        description="文件依据 / document that sets it up",
    )
    valid_from: date = Field(description="起始日 / first day")
    valid_to: date | None = Field(
        default=None, description="结束日（不含），未定为空 / end, exclusive; null while it is open"
    )


class Programme(ProgrammeFields, Placed, Table, table=True):
    """A programme, placed by the unit that runs it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        Index(None, "unit_id", "name", "id"),
        *(Index(None, name, "id") for name in PLACE),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )


class ProgrammeView(ProgrammeFields):
    """A programme as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="主办单位 / unit that runs it")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")


class NewProgramme(ProgrammeFields, Command):
    """A programme to be set up."""

    unit_id: UUID = Field(description="主办单位 / unit that runs it")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise Unfit("结束日必须晚于起始日。", "A programme ends after it begins.")
        return self


# What can be refused.


class ProgrammeNotFound(NotFound):
    """There is no such programme for the one who asks."""

    code = "programme_not_found"
    zh = "未找到该培养工程。"
    en = "There is no such programme."


# What may be asked.

PROGRAMMES = Door(
    table=Programme,
    view=ProgrammeView,
    read=Permission.PROGRAMME_READ,
    missing=ProgrammeNotFound,
    # Whoever belongs to the unit that runs it, or to one below, knows of it.
    audience=lambda audience: col(Programme.unit_id) == any_(audience),
    filters={
        "unit_id": col(Programme.unit_id),
        "kind": col(Programme.kind),
        "level": col(Programme.level),
    },
    sorts={"created": (), "name": (col(Programme.name),)},
)


async def get_programme(db: Connection, actor: Actor, *, programme_id: UUID) -> Row:
    """One programme of the actor's place, or of a unit above it."""
    return await PROGRAMMES.get(db, actor, programme_id)


async def list_programmes(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: ProgrammeKind | None = None,
    level: DesignationLevel | None = None,
    offered: bool | None = None,
) -> Page:
    """The programmes of the actor's place, the first set up first.

    With `offered` those instead that units at and above the actor's run.
    """
    filters = {"unit_id": unit_id, "kind": kind, "level": level}
    return await PROGRAMMES.page(db, actor, page, filters=filters, published=bool(offered))


async def programmes_by_id(
    db: Connection, actor: Actor, *, programme_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many programmes by their keys; None where the actor may not see one."""
    return await PROGRAMMES.by_id(db, actor, programme_ids, columns=columns)


# What may be done.


async def create_programme(db: Connection, actor: Actor, *, new: NewProgramme) -> Row:
    """Set up a programme of a unit that the actor administers."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.PROGRAMME_WRITE)
    programme_id = new_id()
    row = {
        "id": programme_id,
        **new.model_dump(include=set(ProgrammeFields.model_fields)),
        **place_of(unit),
    }
    await db.insert(Programme, row)
    return await PROGRAMMES.get(db, actor, programme_id)
