"""An appraisal of a topic: what an expert is asked and said, and who sees it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import any_
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.topic_steps import (
    StepKind,
    TopicStep,
)
from app.domain.learning.topic_steps.step import AppraisalState, TopicAppraisal
from app.domain.learning.topics import TOPIC_PLACES, Topic, TopicLevel
from app.domain.learning.topics.topic import is_of_members
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row


class TopicAppraisalView(BaseModel):
    """What one expert is asked, and said."""

    id: UUID = Field(description="标识 / key")
    step_id: UUID = Field(description="课题环节 / step that is scored")
    topic_id: UUID = Field(description="课题 / topic")
    title: str = Field(description="课题名称 / title of the topic")
    topic_summary: str = Field(description="选题论证 / what the topic studies, and why")
    kind: StepKind = Field(description="环节 / what was handed in")
    summary: str = Field(description="内容摘要 / what was handed in says")
    expert_id: UUID = Field(description="专家 / expert")
    name: PersonName = Field(description="专家姓名 / name of the expert")
    school: str = Field(description="专家所在学校 / name of the expert's school")
    state: AppraisalState = Field(description="状态 / what became of it")
    score: Decimal | None = Field(description="评分，满分 100 / score, out of 100")
    opinion: str | None = Field(
        description="评审意见，回避或解除邀请的理由 / opinion, or why it was declined or released"
    )
    asked_at: datetime = Field(description="邀请时间 / when the expert was asked")
    answered_at: datetime | None = Field(
        description="答复或解除时间 / when it was answered, or released"
    )


# What can be refused.


class TopicAppraisalNotFound(NotFound):
    """There is no such appraisal for the one who asks."""

    code = "topic_appraisal_not_found"
    zh = "未找到该专家评审。"
    en = "There is no such appraisal."


# What may be asked.


def _decided_at(column: str, *levels: TopicLevel) -> Any:
    """What is decided on within a place of this kind: what stands below is of these levels."""
    return lambda ids: (TOPIC_PLACES[column] == any_(ids)) & is_among(col(Topic.level), levels)


_joined = (
    TopicAppraisal.__table__.join(  # type: ignore[attr-defined]
        TopicStep.__table__,  # type: ignore[attr-defined]
        col(TopicAppraisal.step_id) == col(TopicStep.id),
    )
    .join(Topic.__table__, col(TopicStep.topic_id) == col(Topic.id))  # type: ignore[attr-defined]
    .join(Teacher.__table__, col(TopicAppraisal.expert_id) == col(Teacher.id))  # type: ignore[attr-defined]
    .join(Unit.__table__, col(Teacher.school_id) == col(Unit.id))  # type: ignore[attr-defined]
)

TOPIC_APPRAISALS = Door(
    table=TopicAppraisal,
    view=TopicAppraisalView,
    read=Permission.TOPIC_APPRAISAL_READ,
    missing=TopicAppraisalNotFound,
    places={
        "city_id": TOPIC_PLACES["city_id"],
        "county_id": _decided_at("county_id", TopicLevel.SCHOOL, TopicLevel.COUNTY),
        "school_id": _decided_at("school_id", TopicLevel.SCHOOL),
        "teacher_id": col(TopicAppraisal.expert_id),
    },
    computed={
        "topic_id": col(Topic.id), "title": col(Topic.title),
        "topic_summary": col(Topic.summary), "summary": col(TopicStep.summary),
        "kind": col(TopicStep.kind),
        "name": col(Teacher.name), "school": col(Unit.name),
    },
    joined=_joined,
    filters={
        "step_id": col(TopicAppraisal.step_id),
        "expert_id": col(TopicAppraisal.expert_id),
        "state": col(TopicAppraisal.state),
    },
    sorts={"created": (), "score": (col(TopicAppraisal.score),)},
    withheld=is_of_members,
)  # fmt: skip
"""Appraisals, seen where the topic is decided on and above, and by the expert; not by those who apply, nor by
who takes part in the topic, whatever roles they have."""


async def get_topic_appraisal(db: Connection, actor: Actor, *, appraisal_id: UUID) -> Row:
    """One appraisal: one's own, or of a topic that is decided on in the actor's place."""
    return await TOPIC_APPRAISALS.get(db, actor, appraisal_id)


async def list_topic_appraisals(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    step_id: UUID | None = None,
    expert_id: UUID | None = None,
    state: AppraisalState | None = None,
) -> Page:
    """The appraisals that the actor may see, in the order in which they were asked for."""
    filters = {"step_id": step_id, "expert_id": expert_id, "state": state}
    return await TOPIC_APPRAISALS.page(db, actor, page, filters=filters)


async def topic_appraisals_of(
    db: Connection, actor: Actor, *, step_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """The appraisals of each of many steps that the actor may see."""
    owner = col(TopicAppraisal.step_id)
    return await TOPIC_APPRAISALS.rows_of(db, actor, owner, step_ids, columns=columns)
