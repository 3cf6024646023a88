"""A step of a topic: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, any_, case, func, null, select, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.learning.topics import TOPIC_PLACES, TOPICS, Topic, TopicLevel, is_mine
from app.domain.learning.topics.topic import SHARE
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row


class StepKind(StrEnum):
    """What is handed in (环节)."""

    APPLICATION = "application"
    """立项申请"""
    OPENING = "opening"
    """开题报告"""
    MIDTERM = "midterm"
    """中期报告"""
    EXTENSION = "extension"
    """延期申请"""
    CONCLUSION = "conclusion"
    """结题申请"""
    WITHDRAWAL = "withdrawal"
    """撤项申请"""


class StepState(StrEnum):
    """What became of it (状态)."""

    FILED = "filed"
    """待审"""
    PASSED = "passed"
    """通过"""
    RETURNED = "returned"
    """退回修改"""
    REFUSED = "refused"
    """不予通过"""
    TAKEN_BACK = "taken_back"
    """已撤回"""


class TopicStepFields(BaseModel):
    """What is handed in."""

    kind: StepKind = Field(description="环节 / what is handed in", sa_type=text_enum(StepKind))
    summary: str = Field(min_length=2, max_length=5000, description="内容摘要 / what it says")
    held_on: date | None = Field(
        default=None, description="举行日期，如开题会 / day on which it was held, as an opening is"
    )
    due_on: date | None = Field(
        default=None, description="延期至，仅限延期申请 / day that an extension asks for"
    )
    file_id: UUID | None = Field(
        default=None,
        description="报告文件 / the report as a file",
        foreign_key="file.id",
        sa_type=Uuid,
    )


class TopicStep(TopicStepFields, Table, table=True):
    """One thing handed in for a topic; of one topic, one waits at a time."""

    __table_args__ = (
        CheckConstraint("(kind = 'extension') = (due_on IS NOT NULL)", name="extension"),
        CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state IN ('filed', 'taken_back') OR opinion IS NOT NULL", name="opinion"),
        Index(
            "uq_topic_step_waiting", "topic_id", unique=True,
            postgresql_where=text("state = 'filed'"),
        ),
        Index(None, "topic_id", "id"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )  # fmt: skip

    id: UUID = key()
    topic_id: UUID = Field(foreign_key="topic.id", sa_type=Uuid)
    filed_at: datetime = Field(sa_type=MOMENT)
    filed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    state: StepState = Field(sa_type=text_enum(StepState))
    opinion: str | None = Field(default=None, max_length=2000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class AppraisalState(StrEnum):
    """What became of asking an expert (状态)."""

    ASKED = "asked"
    """待评"""
    SCORED = "scored"
    """已评"""
    DECLINED = "declined"
    """已回避"""
    RELEASED = "released"
    """已解除邀请"""


class TopicAppraisal(Table, table=True):
    """That an expert was asked to score a step, and what the expert said."""

    __table_args__ = (
        CheckConstraint("(state = 'scored') = (score IS NOT NULL)", name="score"),
        CheckConstraint("score >= 0 AND score <= 100", name="out_of_hundred"),
        CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL) AND (state = 'asked') = (opinion IS NULL)",
            name="answered",
        ),
        Index(None, "step_id", "expert_id", unique=True),
        Index(None, "expert_id", "id"),
    )

    id: UUID = key()
    step_id: UUID = Field(foreign_key="topic_step.id", sa_type=Uuid)
    expert_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    state: AppraisalState = Field(sa_type=text_enum(AppraisalState))
    score: Decimal | None = Field(default=None, sa_type=SHARE)
    opinion: str | None = Field(default=None, max_length=2000)
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    asked_at: datetime = Field(sa_type=MOMENT)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)


class TopicStepView(TopicStepFields):
    """A step of a topic as both faces show it."""

    id: UUID = Field(description="标识 / key")
    topic_id: UUID = Field(description="课题 / topic")
    filed_at: datetime = Field(description="提交时间 / when it was filed")
    state: StepState = Field(description="状态 / what became of it")
    opinion: str | None = Field(description="审核意见 / opinion")
    decided_at: datetime | None = Field(description="审核时间 / when it was decided")
    mean_score: Decimal | None = Field(
        description="专家平均分，审核后公布 / the experts' mean score, shown once it is decided"
    )


# What can be refused.


class TopicStepNotFound(NotFound):
    """There is no such step for the one who asks."""

    code = "topic_step_not_found"
    zh = "未找到该课题环节。"
    en = "There is no such step of a topic."


class TopicStepAhead(Invalid):
    """What is reported of a topic was held."""

    code = "topic_step_ahead"
    zh = "举行日期 {held_on} 尚未到来。"
    en = "It is to be held on {held_on}: that day is still to come."


class TopicStepDecided(Conflict):
    """What was handed in has been decided, or taken back."""

    code = "topic_step_decided"
    zh = "该环节已办结（{state}）。"
    en = "This step is settled already ({state})."


# What may be asked.


def is_asked(teacher_ids: Any) -> Any:
    """The predicate 'one of these teachers is asked to score this step', and did not decline."""
    asked = select(col(TopicAppraisal.step_id)).where(
        col(TopicAppraisal.expert_id) == any_(teacher_ids),
        is_among(col(TopicAppraisal.state), [AppraisalState.ASKED, AppraisalState.SCORED]),
    )
    return col(TopicStep.id).in_(asked)


_mean = (
    select(func.round(func.avg(col(TopicAppraisal.score)), 2))
    .where(col(TopicAppraisal.step_id) == col(TopicStep.id))
    .correlate(TopicStep)
    .scalar_subquery()
)
_undecided = is_among(col(TopicStep.state), (StepState.FILED, StepState.TAKEN_BACK))

TOPIC_STEPS = Door(
    table=TopicStep,
    view=TopicStepView,
    read=Permission.TOPIC_READ,
    missing=TopicStepNotFound,
    places=TOPIC_PLACES | {"teacher_id": lambda ids: is_mine(ids) | is_asked(ids)},
    computed={"mean_score": case((_undecided, null()), else_=_mean)},
    joined=TopicStep.__table__.join(  # type: ignore[attr-defined]
        Topic.__table__,  # type: ignore[attr-defined]
        col(TopicStep.topic_id) == col(Topic.id),
    ),
    filters={
        "topic_id": col(TopicStep.topic_id),
        "kind": col(TopicStep.kind),
        "state": col(TopicStep.state),
    },
    sorts={"created": ()},
)
"""Steps, seen by whoever sees the topic, and by the experts who are asked to score one."""


def place_of_decision(topic: Row) -> dict[str, Any]:
    """Where the right to decide on a topic must be held: at the level that approves it."""
    city_id, county_id, school_id = (topic[n] for n in ("city_id", "county_id", "school_id"))
    if topic["level"] == TopicLevel.SCHOOL:
        return {"city_id": city_id, "county_id": county_id, "school_id": school_id}
    if topic["level"] == TopicLevel.COUNTY:
        return {"city_id": city_id, "county_id": county_id}
    return {"city_id": city_id, "county_id": city_id}


async def get_topic_step(db: Connection, actor: Actor, *, step_id: UUID) -> Row:
    """One step of a topic that the actor may see, or that the actor is asked to score."""
    return await TOPIC_STEPS.get(db, actor, step_id)


async def open_step(
    db: Connection, actor: Actor, *, step_id: UUID, permission: Permission
) -> tuple[Row, Row]:
    """A step that waits, and its topic, both locked, the topic first."""
    step = await TOPIC_STEPS.get(db, actor, step_id, permission=permission)
    topic = await TOPICS.get(db, actor, step["topic_id"], permission=permission, lock=True)
    step = await TOPIC_STEPS.get(db, actor, step_id, permission=permission, lock=True)
    if step["state"] != StepState.FILED:
        raise TopicStepDecided(state=step["state"])
    return step, topic


async def list_topic_steps(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    topic_id: UUID | None = None,
    kind: StepKind | None = None,
    state: StepState | None = None,
) -> Page:
    """What was handed in for the topics that the actor may see, in that order."""
    filters = {"topic_id": topic_id, "kind": kind, "state": state}
    return await TOPIC_STEPS.page(db, actor, page, filters=filters)


async def topic_steps_of(
    db: Connection,
    actor: Actor,
    *,
    topic_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What was handed in for each of many topics, in that order."""
    owner = col(TopicStep.topic_id)
    return await TOPIC_STEPS.pages_of(db, actor, owner, topic_ids, page, columns=columns)


async def topic_steps_by_id(
    db: Connection, actor: Actor, *, step_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many steps by their keys; None where the actor may not see one."""
    return await TOPIC_STEPS.by_id(db, actor, step_ids, columns=columns)
