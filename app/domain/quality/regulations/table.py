"""What a regulation of a school is: its kinds, its fields, its tables."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Computed, Index, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum


class RegulationKind(StrEnum):
    """To which of the five sets it belongs (岳市教发〔2013〕18号 第24条)."""

    SCHOOL_TEACHING_RESEARCH = "school_teaching_research"
    """校本教研制度: reflection first, about problems of teaching, as a talk between equals"""
    SCHOOL_EDUCATION_RESEARCH = "school_education_research"
    """校本科研制度: the school's problems made into topics, with everybody taking part"""
    THEORY_STUDY = "theory_study"
    """理论学习制度"""
    MANAGEMENT = "management"
    """管理制度"""
    INCENTIVES = "incentives"
    """激励制度"""


class RegulationFields(BaseModel):
    """What tells a regulation from another."""

    kind: RegulationKind = Field(
        description="制度类别 / the set to which it belongs", sa_type=text_enum(RegulationKind)
    )
    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    mark: str = Field(
        default="", max_length=30,
        description="同名制度的区别，如“（二）” / what tells it from another of the same title",
    )  # fmt: skip


class Regulation(RegulationFields, Placed, Versioned, Table, table=True):
    """A regulation of a unit; which text is in force its versions say."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "plain_title", "mark"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "unit_id", "kind", postgresql_where=text("repealed_on IS NULL")),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    plain_title: str = Field(max_length=200)
    version: int
    repealed_on: date | None = None
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    created_at: datetime = Field(sa_type=MOMENT)


class RegulationVersionFields(BaseModel):
    """One text of a regulation: from when it holds, and who signed it."""

    effective_from: date = Field(description="施行日期 / first day in force")
    signed_by: str | None = Field(
        default=None, min_length=1, max_length=100, description="落款 / who signed it"
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="正文 / its words", sa_type=Text
    )
    file_id: UUID | None = Field(
        default=None, description="文件 / file", foreign_key="file.id", sa_type=Uuid
    )
    changes: str | None = Field(
        default=None, min_length=1, max_length=500, description="修订说明 / what is new in it"
    )


class RegulationVersion(RegulationVersionFields, Table, table=True):
    """One text of a regulation, written once."""

    __table_args__ = (
        UniqueConstraint("regulation_id", "number"),
        CheckConstraint("num_nonnulls(text, file_id) >= 1", name="says_something"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )

    id: UUID = key()
    regulation_id: UUID = Field(foreign_key="regulation.id", sa_type=Uuid)
    number: int
    added_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    added_at: datetime = Field(sa_type=MOMENT)
