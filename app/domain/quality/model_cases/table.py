"""The tables of a model case: itself, its versions, what they rest on, and for whom it is published."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum

SOURCES = ("activity_id", "plan_id", "resource_id", "regulation_id")
"""By which column each thing is named from which a case was drawn."""


class ModelCaseState(StrEnum):
    """How far a version has come (状态)."""

    DRAFT = "draft"
    """填写中"""
    SUBMITTED = "submitted"
    """待审核"""
    RETURNED = "returned"
    """退回修改"""
    PUBLISHED = "published"
    """已发布"""


class ModelCaseText(BaseModel):
    """What a version says: 提炼参考模式 (岳市教发〔2013〕18号 第十七条)."""

    summary: str = Field(min_length=10, max_length=2000, description="摘要 / summary", sa_type=Text)
    mode: str = Field(
        min_length=10, max_length=20_000, description="模式与做法 / the mode, and how it is done",
        sa_type=Text,
    )  # fmt: skip
    effect: str | None = Field(
        default=None, min_length=2, max_length=5000, description="成效 / what came of it",
        sa_type=Text,
    )  # fmt: skip
    changes: str | None = Field(
        default=None, min_length=1, max_length=500, description="修订说明 / what is new in it"
    )


class ModelCase(Placed, Table, table=True):
    """A case, placed by the unit from whose work it was drawn; what it says its versions say."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "title"),
        CheckConstraint("coalesce(school_id, county_id) <> city_id", name="below_the_city"),
        CheckConstraint("published_version <= version", name="published_version"),
        CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name="withdrawal",
        ),
        CheckConstraint(
            "withdrawn_at IS NULL OR published_version IS NOT NULL", name="withdrawn_once_published"
        ),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    title: str = Field(max_length=200)
    version: int
    published_version: int | None = None
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawn_because: str | None = Field(default=None, max_length=2000)


class ModelCaseVersion(ModelCaseText, Table, table=True):
    """One version of a case; once it is published it stays as it is."""

    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("num_nonnulls(submitted_at, submitted_by) IN (0, 2)", name="submission"),
        CheckConstraint("(submitted_at IS NULL) = (state = 'draft')", name="submitted"),
        CheckConstraint("num_nonnulls(decided_at, decided_by, opinion) IN (0, 3)", name="decision"),
        CheckConstraint(
            "(decided_at IS NOT NULL) = (state IN ('returned', 'published'))", name="decided"
        ),
    )

    id: UUID = key()
    case_id: UUID = Field(foreign_key="model_case.id", sa_type=Uuid)
    number: int
    state: ModelCaseState = Field(sa_type=text_enum(ModelCaseState))
    submitted_at: datetime | None = Field(default=None, sa_type=MOMENT)
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    submitted_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=2000)


class ModelCaseSource(Table, table=True):
    """One thing of the unit's work on which a version rests."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["case_id", "number"], ["model_case_version.case_id", "model_case_version.number"]
        ),
        CheckConstraint(f"num_nonnulls({', '.join(SOURCES)}) = 1", name="one_thing"),
        Index(None, "case_id", "number"),
    )

    id: UUID = key()
    case_id: UUID = Field(foreign_key="model_case.id", sa_type=Uuid)
    number: int
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    plan_id: UUID | None = Field(default=None, foreign_key="plan.id", sa_type=Uuid)
    resource_id: UUID | None = Field(default=None, foreign_key="resource.id", sa_type=Uuid)
    regulation_id: UUID | None = Field(default=None, foreign_key="regulation.id", sa_type=Uuid)


class ModelCaseAudience(Table, table=True):
    """That a case is published to a unit and all below it, by which bureau."""

    __table_args__ = (Index(None, "target_id"),)

    case_id: UUID = Field(primary_key=True, foreign_key="model_case.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, foreign_key="unit.id", sa_type=Uuid)
    by_unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    published_at: datetime = Field(sa_type=MOMENT)
    published_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
