"""The tables of surveys: what is asked for, of whom, and what was answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.teachers.strata import Stratum
from app.domain.training.surveys.vocabulary import Breakdown, SurveyPurpose, SurveyState


class SurveyFields(BaseModel):
    """What is asked for, of whom no more is kept than is said here, and from when until when."""

    purpose: SurveyPurpose = Field(description="用途 / purpose", sa_type=text_enum(SurveyPurpose))
    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    introduction: str | None = Field(
        default=None, min_length=1, max_length=2000, description="说明 / introduction"
    )
    anonymous: bool = Field(
        default=True,
        description="是否匿名，匿名答卷不可追溯 / whether nobody knows who answered what",
    )
    breakdowns: list[Breakdown] = Field(
        default_factory=list,
        max_length=8,
        description="分组口径，答卷只记录这些 / by what answers are told apart",
        sa_type=ARRAY(Text),
    )
    opens_at: datetime | None = Field(
        default=None, description="开始时间，模板为空 / when it opens", sa_type=MOMENT
    )
    closes_at: datetime | None = Field(
        default=None, description="截止时间，模板为空 / when it closes", sa_type=MOMENT
    )
    is_template: bool = Field(
        default=False, description="是否模板，模板不开放作答 / whether it is only copied"
    )
    strata: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="仅由调查对象中属于这些类别之一的教师（分层分类分岗）作答，不填为全部 / of the audience"
        " only teachers answer who count in one of these strata on the day it is opened; none: all",
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{}'")},
    )


class Survey(SurveyFields, Placed, Table, table=True):
    """A survey, placed by whoever owns it; what it asks is settled when it opens."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("num_nonnulls(group_id, network_id, department_id) <= 1", name="owner"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("is_template OR num_nonnulls(opens_at, closes_at) = 2", name="window"),
        CheckConstraint("NOT is_template OR state = 'draft'", name="template"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('closed', 'published'))", name="closed_at"
        ),
        CheckConstraint("(published_at IS NOT NULL) = (state = 'published')", name="published_at"),
        *(
            Index(None, name, "opens_at", "id")
            for name in ("unit_id", "school_id", "county_id", "city_id")
        ),
        *(
            Index(None, name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("group_id", "network_id", "department_id", "activity_id", "previous_id")
        ),
        Index(None, "closes_at", postgresql_where=text("state = 'open'")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, foreign_key="research_group.id", sa_type=Uuid)
    network_id: UUID | None = Field(default=None, foreign_key="network.id", sa_type=Uuid)
    department_id: UUID | None = Field(default=None, foreign_key="department.id", sa_type=Uuid)
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    previous_id: UUID | None = Field(default=None, foreign_key="survey.id", sa_type=Uuid)
    questions: list[dict[str, Any]] = Field(sa_type=JSONB)
    state: SurveyState = Field(sa_type=text_enum(SurveyState))
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class SurveyAudience(Table, table=True):
    """One target of a survey: a unit, with everyone below it, or a group, with its members."""

    __table_args__ = (Index(None, "target_id", "survey_id"),)

    survey_id: UUID = Field(primary_key=True, foreign_key="survey.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, sa_type=Uuid)


class SurveyCandidate(Table, table=True):
    """A teacher of the audience who counts in a stratum that the survey is for, on the day it is opened."""

    __table_args__ = (Index(None, "teacher_id", "survey_id"),)

    survey_id: UUID = Field(primary_key=True, foreign_key="survey.id", sa_type=Uuid)
    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)


class SurveyResponse(Table, table=True):
    """What somebody answered: not who, unless the survey is named, and never when.

    The key is drawn by chance, since a key made in time would tell the order. `strata` holds what the
    survey's breakdowns ask for and nothing else. When the survey closes, the rows of an anonymous one
    are written anew in an order of chance, by one statement.
    """

    __table_args__ = (Index(None, "survey_id"), Index(None, "teacher_id"))

    id: UUID = key()
    survey_id: UUID = Field(foreign_key="survey.id", sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    of_school_id: UUID | None = Field(default=None, foreign_key="unit.id", sa_type=Uuid)
    strata: dict[str, list[str]] = Field(sa_type=JSONB)
    answers: dict[str, list[str]] = Field(sa_type=JSONB)
