"""Units (单位): the city's bureau, the county bureaux, the schools, in one table.

The depth is fixed: city → county → school. A functional zone (功能区) is a county-level unit without
a code of GB/T 2260; a city-direct school (市直学校) has the city itself as its superior. A unit's
identity is its key, never a code: codes and names are dated facts.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    Command,
    Placed,
    Table,
    Versioned,
    civil_date,
    key,
    text_enum,
)
from app.domain.errors import Invalid, NotFound, Unfit
from app.domain.organisation.names_and_codes import (
    CodeKind,
    UnitCode,
    UnitCodeText,
    UnitName,
    name_unit,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, new_id


class Level(StrEnum):
    """A unit's level in the hierarchy (层级)."""

    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"


class Stage(StrEnum):
    """A stage of schooling (学段); a school may have several (九年一贯制, 完全中学)."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR_SECONDARY = "junior_secondary"
    SENIOR_SECONDARY = "senior_secondary"


class UnitFields(BaseModel):
    """What a unit is called and which stages it teaches."""

    name: UnitName
    stages: list[Stage] = Field(
        default_factory=list,
        max_length=4,
        description="学段（仅学校） / stages of schooling; schools only",
        sa_type=ARRAY(Text),
    )


class Unit(UnitFields, Placed, Versioned, Table, table=True):
    """A unit with its place: for the unit itself, the place column of its own level is its key."""

    __table_args__ = (
        UniqueConstraint("bureau_id", "city_id"),
        UniqueConstraint("id", "county_id", "city_id"),
        ForeignKeyConstraint(["parent_id", "city_id"], ["unit.bureau_id", "unit.city_id"]),
        ForeignKeyConstraint(["city_id"], ["unit.id"]),
        CheckConstraint(
            # IS TRUE: a CHECK lets pass what is neither true nor false, as a missing superior makes it.
            "(CASE level"
            " WHEN 'city' THEN parent_id IS NULL AND city_id = id AND county_id = id"
            " AND school_id IS NULL"
            " WHEN 'county' THEN parent_id = city_id AND county_id = id AND id <> city_id"
            " AND school_id IS NULL"
            " WHEN 'school' THEN parent_id = county_id AND county_id <> id AND school_id = id"
            " END) IS TRUE",
            name="place",
        ),
        CheckConstraint("level = 'school' OR stages = '{}'", name="only_schools_have_stages"),
        Index(None, "city_id", "name", "id"),
        Index(None, "parent_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    level: Level = Field(sa_type=text_enum(Level))
    parent_id: UUID | None = Field(default=None, sa_type=Uuid)
    bureau_id: UUID | None = Field(
        default=None,
        sa_type=Uuid,
        sa_column_args=(Computed("CASE WHEN level <> 'school' THEN id END", persisted=True),),
    )
    """The key again, for bureaux only: what may supervise is what this column can be referred to by."""


class UnitView(UnitFields):
    """A unit as both faces show it."""

    id: UUID = Field(description="标识 / key")
    level: Level = Field(description="层级 / level")
    parent_id: UUID | None = Field(description="上级单位 / superior unit; null for the city")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(
        description="主管教育局 / bureau in charge: the county, or the city for what is directly under it"
    )
    code: str | None = Field(
        description="现行代码：行政区划（GB/T 2260）或学校标识码 / code in force, null where there is none"
    )


class NewUnit(UnitFields, Command):
    """A county-level unit or a school to be set up below its superior."""

    parent_id: UUID = Field(description="上级单位 / superior unit")
    level: Level = Field(description="层级：县级或学校 / county or school")
    code: UnitCodeText | None = Field(
        default=None,
        description="六位行政区划代码或十位学校标识码 / six digits for a county, ten for a school",
    )

    @model_validator(mode="after")
    def _code_fits_level(self) -> "NewUnit":
        if self.level is Level.CITY:
            raise Unfit("市级单位由部署时设立。", "The city is set up when the system is deployed.")
        if self.code is not None and len(self.code) != (6 if self.level is Level.COUNTY else 10):
            raise Unfit(
                "县级单位代码为六位，学校标识码为十位。",
                "A county's code has six digits, a school's ten.",
            )
        repeated = len(set(self.stages)) < len(self.stages)
        if repeated or (self.level is Level.SCHOOL) != bool(self.stages):
            raise Unfit(
                "学校至少有一个学段且不得重复，县级单位没有学段。",
                "A school has at least one stage and each once, a county none.",
            )
        return self


# What can be refused.


class UnitNotFound(NotFound):
    """There is no such unit for the one who asks."""

    code = "unit_not_found"
    zh = "未找到该单位。"
    en = "There is no such unit."


class CannotSupervise(Invalid):
    """Schools supervise nothing, and counties are supervised by the city alone."""

    code = "unit_cannot_supervise"
    zh = "该单位不能作为上级：县级单位的上级只能是市，学校的上级是县或市。"
    en = (
        "This unit cannot be the superior: a county's is the city, a school's a county or the city."
    )


# What may be asked.

_CURRENT_CODE = (
    col(UnitCode.unit_id) == col(Unit.id),
    col(UnitCode.superseded_at).is_(None),
    col(UnitCode.valid_to).is_(None),
)
_WITH_CODE = Unit.__table__.outerjoin(  # type: ignore[attr-defined]
    UnitCode.__table__,  # type: ignore[attr-defined]
    _CURRENT_CODE[0] & _CURRENT_CODE[1] & _CURRENT_CODE[2],
)


def _is_ancestor(audience: Any) -> Any:
    return col(Unit.id) == any_(audience)


UNITS = Door(
    table=Unit,
    view=UnitView,
    read=Permission.UNIT_READ,
    missing=UnitNotFound,
    computed={"code": col(UnitCode.code)},
    joined=_WITH_CODE,
    audience=_is_ancestor,
    filters={
        "level": col(Unit.level),
        "parent_id": col(Unit.parent_id),
        "county_id": col(Unit.county_id),
        "stage": lambda stage: stage == any_(col(Unit.stages)),
        "code": col(UnitCode.code),
    },
    sorts={"name": (col(Unit.name),), "created": ()},
)


async def get_unit(db: Connection, actor: Actor, *, unit_id: UUID) -> Row:
    """One unit within the actor's reach: below a grant's unit, or above it."""
    return await UNITS.get(db, actor, unit_id)


async def list_units(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    level: Level | None = None,
    parent_id: UUID | None = None,
    stage: Stage | None = None,
    code: str | None = None,
) -> Page:
    """The units below the actor's grants, by name unless sorted otherwise."""
    filters = {"level": level, "parent_id": parent_id, "stage": stage, "code": code}
    return await UNITS.page(db, actor, page, filters=filters)


async def list_children(db: Connection, actor: Actor, *, unit_id: UUID, page: PageRequest) -> Page:
    """The units directly below one unit that the actor may see."""
    await get_unit(db, actor, unit_id=unit_id)
    return await UNITS.page(db, actor, page, filters={"parent_id": unit_id})


async def units_by_id(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many units by their keys; None where the actor may not see one."""
    return await UNITS.by_id(db, actor, unit_ids, columns=columns)


async def counties_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The county-level units of many cities, by name."""
    owner = col(Unit.parent_id)
    return await UNITS.rows_of(
        db, actor, owner, unit_ids, filters={"level": Level.COUNTY}, columns=columns
    )


async def schools_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The schools directly under many bureaux, by name: a county's, or the city-direct ones."""
    owner = col(Unit.parent_id)
    return await UNITS.rows_of(
        db, actor, owner, unit_ids, filters={"level": Level.SCHOOL}, columns=columns
    )


# What may be done.


async def create_unit(db: Connection, actor: Actor, *, new: NewUnit, now: datetime) -> Row:
    """Set up a county-level unit or a school below a bureau that the actor administers."""
    parent = await UNITS.get(db, actor, new.parent_id, permission=Permission.UNIT_WRITE)
    wrong_county = new.level is Level.COUNTY and parent["level"] != Level.CITY
    if parent["level"] == Level.SCHOOL or wrong_county:
        raise CannotSupervise
    unit_id = new_id()
    is_school = new.level is Level.SCHOOL
    row = {
        "id": unit_id,
        "level": new.level,
        "name": new.name,
        "stages": new.stages,
        "parent_id": new.parent_id,
        "city_id": parent["city_id"],
        "county_id": new.parent_id if is_school else unit_id,
        "school_id": unit_id if is_school else None,
    }
    await db.insert(Unit, row)
    kind = CodeKind.SCHOOL if is_school else CodeKind.DIVISION
    await name_unit(
        db, unit_id=unit_id, name=new.name, code=new.code, kind=kind, since=civil_date(now)
    )
    return await UNITS.get(db, actor, unit_id)
