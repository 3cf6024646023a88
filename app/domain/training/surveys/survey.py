"""A survey (问卷): its table, whom it is for, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Text,
    Uuid,
    any_,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities.joint import JOINTLY, is_joint
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.audiences import Audience, Candidates
from app.domain.training.surveys.questions import QuestionView
from app.domain.training.surveys.vocabulary import Breakdown, SurveyPurpose, SurveyState
from app.sql import Connection, Row


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


class SurveyView(SurveyFields):
    """A survey as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / unit that it belongs to")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's survey")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    group_id: UUID | None = Field(description="所属教研组 / group, if it is a group's")
    network_id: UUID | None = Field(description="所属片区、联盟 / network, if it is a network's")
    department_id: UUID | None = Field(description="所属部门 / department, if it is one's")
    activity_id: UUID | None = Field(
        description="所评估的活动，由出勤者作答 / activity that it evaluates: who took part answers"
    )
    previous_id: UUID | None = Field(description="上一期调查 / the earlier survey that it repeats")
    audience: list[UUID] = Field(description="调查对象：单位、教研组 / units and groups it is for")
    questions: list[QuestionView] = Field(description="题目 / questions, in their order")
    state: SurveyState = Field(description="状态 / state")
    responses: int = Field(description="已收答卷数 / how many have answered")
    closed_at: datetime | None = Field(description="截止办理时间 / when it was closed")
    published_at: datetime | None = Field(description="公布时间 / when its results were published")


# What can be refused.


class SurveyNotFound(NotFound):
    """There is no such survey for the one who asks."""

    code = "survey_not_found"
    zh = "未找到该问卷。"
    en = "There is no such survey."


# What may be asked.

TOOK_PART = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)
"""With what status somebody has taken part in an activity, and so has something to say of it."""


AUDIENCE = Audience(SurveyAudience, "survey_id")
CANDIDATES = Candidates(AUDIENCE, SurveyCandidate, Survey)


def is_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this survey has opened, and is for one of these': units, groups, teachers."""
    return _has_opened() & or_(
        AUDIENCE.is_for(col(Survey.id), addresses), _took_part(any_(addresses))
    )


def is_to_answer(addresses: Any, teacher_id: Any) -> ColumnElement[bool]:
    """The predicate 'this survey is for this teacher to answer', who is addressed by these.

    It asks of those whom it addresses the ones in its strata; who took part in the activity that it
    evaluates is asked for having been there.
    """
    named = AUDIENCE.is_for(col(Survey.id), addresses) & _includes(teacher_id)
    return _has_opened() & or_(named, _took_part(teacher_id))


def _has_opened() -> ColumnElement[bool]:
    return col(Survey.state) != SurveyState.DRAFT


def _includes(teacher_id: Any) -> ColumnElement[bool]:
    return CANDIDATES.includes(col(Survey.id), teacher_id)


def _took_part(teacher_id: Any) -> ColumnElement[bool]:
    return exists(
        select(col(Attendance.id)).where(
            col(Attendance.activity_id) == col(Survey.activity_id),
            col(Attendance.teacher_id) == teacher_id,
            or_(*(col(Attendance.status) == status for status in TOOK_PART)),
        )
    )


SURVEY_PLACES = {
    "city_id": col(Survey.city_id),
    "county_id": col(Survey.county_id),
    "school_id": col(Survey.school_id),
    "group_id": col(Survey.group_id),
    "network_id": col(Survey.network_id),
    "department_id": col(Survey.department_id),
}
"""What places a survey, and all that is read through its door."""

SURVEYS = Door(
    table=Survey,
    view=SurveyView,
    read=Permission.SURVEY_READ,
    missing=SurveyNotFound,
    places=SURVEY_PLACES,
    audience=is_offered,
    # Who organises an activity jointly sees what its participants thought of it.
    shared={name: partial(is_joint, name, activity_id=col(Survey.activity_id)) for name in JOINTLY},
    shared_for=frozenset({Permission.SURVEY_READ, Permission.SURVEY_RESULT_READ}),
    computed={
        "audience": AUDIENCE.shown(col(Survey.id)),
        "responses": select(func.count())
        .select_from(SurveyResponse)
        .where(col(SurveyResponse.survey_id) == col(Survey.id))
        .scalar_subquery(),
    },
    filters={
        "purpose": col(Survey.purpose),
        "state": col(Survey.state),
        "unit_id": col(Survey.unit_id),
        "group_id": col(Survey.group_id),
        "activity_id": col(Survey.activity_id),
        "is_template": col(Survey.is_template),
        "teacher_id": lambda teacher_id: or_(_includes(teacher_id), _took_part(teacher_id)),
    },
    sorts={"created": (), "title": (col(Survey.title),)},
)
"""Surveys: managed where they are placed, and shown to whom they are for once they have opened."""


async def get_survey(db: Connection, actor: Actor, *, survey_id: UUID) -> Row:
    """One survey in the actor's place, or for the actor to answer."""
    return await SURVEYS.get(db, actor, survey_id)


async def list_surveys(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    purpose: SurveyPurpose | None = None,
    state: SurveyState | None = None,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    activity_id: UUID | None = None,
    is_template: bool | None = None,
) -> Page:
    """The surveys in the actor's place, in the order in which they were made."""
    filters = {
        "purpose": purpose, "state": state, "unit_id": unit_id, "group_id": group_id,
        "activity_id": activity_id, "is_template": is_template,
    }  # fmt: skip
    return await SURVEYS.page(db, actor, page, filters=filters)


async def list_offered_surveys(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    purpose: SurveyPurpose | None = None,
    state: SurveyState | None = None,
) -> Page:
    """The surveys that are for the actor: for units at and above, own groups, and what one attended.

    Those that are for strata of teachers are shown to a teacher who counts in one.
    """
    actor.require(Permission.SURVEY_READ)
    filters = {"purpose": purpose, "state": state, "teacher_id": actor.teacher_id}
    return await SURVEYS.page(db, actor, page, filters=filters, published=True)


async def surveys_by_id(
    db: Connection, actor: Actor, *, survey_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many surveys by their keys; None where the actor may not see one."""
    return await SURVEYS.by_id(db, actor, survey_ids, columns=columns)
