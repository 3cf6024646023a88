"""A survey (问卷): whom it is for, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    any_,
    exists,
    func,
    or_,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.activities.joint import JOINTLY, is_joint
from app.domain.training.attendance import Attendance, AttendanceStatus
from app.domain.training.audiences import Audience, Candidates
from app.domain.training.surveys.questions import QuestionView
from app.domain.training.surveys.table import (
    Survey,
    SurveyAudience,
    SurveyCandidate,
    SurveyFields,
    SurveyResponse,
)
from app.domain.training.surveys.vocabulary import SurveyPurpose, SurveyState
from app.sql import Connection, Row


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


async def get_survey(db: Connection, actor: Actor, *, survey_id: UUID, lock: bool = False) -> Row:
    """One survey in the actor's place, or for the actor to answer."""
    return await SURVEYS.get(db, actor, survey_id, lock=lock)


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
