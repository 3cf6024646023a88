"""What a unit is: the fields, the table, what is shown and what is taken in."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    literal_column,
    or_,
)
from sqlmodel import Field, col

from app.domain.base import Command, Placed, Table, Versioned, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.location_classes import (
    CODE_FITS_CLASS,
    LocationClass,
    LocationCode,
    class_of,
)
from app.domain.organisation.names_and_codes import UnitCodeText, UnitName, check_code
from app.sql import Row


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
    """What a unit is called, which stages it teaches and where it lies."""

    name: UnitName
    stages: list[Stage] = Field(
        default_factory=list,
        max_length=4,
        description="学段（仅学校） / stages of schooling; schools only",
        sa_type=ARRAY(Text),
    )
    location: LocationClass | None = Field(
        default=None,
        description="城乡分类（仅学校） / urban, town or rural; schools only",
        sa_type=text_enum(LocationClass),
    )
    location_code: LocationCode | None = Field(
        default=None,
        max_length=3,
        description="城乡分类细分（GB/T 33782 表5） / finer class, table 5 of GB/T 33782",
    )


class Unit(UnitFields, Placed, Versioned, Table, table=True):
    """A unit with its place: for the unit itself, the place column of its own level is its key."""

    __table_args__ = (
        UniqueConstraint("bureau_id", "city_id"),
        UniqueConstraint("open_id"),
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
        CheckConstraint("level = 'school' OR location IS NULL", name="only_schools_lie_somewhere"),
        CheckConstraint(CODE_FITS_CLASS, name="location_code"),
        CheckConstraint("level <> 'city' OR closed_on IS NULL", name="a_city_stays_open"),
        Index(None, "city_id", "name", "id"),
        Index(None, "parent_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    level: Level = Field(sa_type=text_enum(Level))
    parent_id: UUID | None = Field(default=None, sa_type=Uuid)
    closed_on: date | None = None
    """The first day on which it was no more."""
    bureau_id: UUID | None = Field(
        default=None,
        sa_type=Uuid,
        sa_column_args=(Computed("CASE WHEN level <> 'school' THEN id END", persisted=True),),
    )
    """The key again, for bureaux only: what may supervise is what this column can be referred to by."""
    open_id: UUID | None = Field(
        default=None,
        sa_type=Uuid,
        sa_column_args=(Computed("CASE WHEN closed_on IS NULL THEN id END", persisted=True),),
    )
    """The key again, while it is open: what refers to this column cannot be in a closed unit."""


def is_open_school(day: Any) -> ColumnElement[bool]:
    """The predicate 'this row of units is a school that is open on that day'."""
    closed = col(Unit.closed_on)
    is_school = col(Unit.level) == literal_column(f"'{Level.SCHOOL.value}'")
    return and_(is_school, or_(closed.is_(None), closed > day))


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
    closed_on: date | None = Field(
        description="撤销日期 / day of its closing, null while it is open"
    )


def place_of(unit: Row) -> Row:
    """The place columns of what lies in a unit, from the unit as it is shown."""
    school_id = unit["id"] if unit["level"] == Level.SCHOOL else None
    return {"city_id": unit["city_id"], "county_id": unit["county_id"], "school_id": school_id}


def check_schooling(level: Level, fields: UnitFields) -> None:
    """Refuse stages and a location that do not fit: a school has stages, a bureau neither."""
    is_school = level is Level.SCHOOL
    repeated = len(set(fields.stages)) < len(fields.stages)
    if repeated or is_school != bool(fields.stages):
        raise Unfit(
            "学校至少有一个学段且不得重复，县级单位没有学段。",
            "A school has at least one stage and each once, a county none.",
        )
    if fields.location is not None and not is_school:
        raise Unfit("城乡分类仅用于学校。", "Only schools have a location class.")
    code = fields.location_code
    if code is not None and fields.location is not class_of(code):
        raise Unfit("城乡分类细分与分类不符。", "The finer class is of another location class.")


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
        if self.code is not None:
            check_code(self.code, is_school=self.level is Level.SCHOOL)
        check_schooling(self.level, self)
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


class UnitClosed(Conflict):
    """The unit was closed or merged into another: its history can be read, nothing is added."""

    code = "unit_closed"
    zh = "该单位已于 {day} 撤销。"
    en = "This unit was closed on {day}."
