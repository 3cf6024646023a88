"""The evaluation of an activity: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid
from sqlalchemy import text as sql_text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import ACTIVITY_PLACES, SHARED_PLACES
from app.domain.training.activities.joint import JOINTLY, is_joint
from app.sql import Connection, Row

WINDOW_DAYS = 7
"""Days in which those who attended answer, unless the organiser says otherwise."""
SUMMARY_DAYS = 14
"""Days after the closing by which the summary is asked for, unless the organiser says otherwise."""


class EvaluationFields(BaseModel):
    """How an activity is evaluated, and by when it is summed up."""

    template_id: UUID | None = Field(
        default=None,
        description="所用问卷模板，默认为市级模板 / template; the city's by default",
        foreign_key="survey.id",
        sa_type=Uuid,
    )
    window_days: int = Field(
        default=WINDOW_DAYS, ge=1, le=60, description="评估开放天数 / days in which it is answered"
    )
    summary_days: int = Field(
        default=SUMMARY_DAYS, ge=1, le=90, description="总结期限（天） / days for the summary"
    )


class SummaryFields(BaseModel):
    """What the organiser sums up."""

    summary: str | None = Field(
        default=None, min_length=1, max_length=5000, description="活动总结 / summary"
    )
    effects: str | None = Field(
        default=None, min_length=1, max_length=2000, description="成效 / what it has brought"
    )
    problems: str | None = Field(
        default=None, min_length=1, max_length=2000, description="问题 / what went wrong"
    )
    next_steps: str | None = Field(
        default=None, min_length=1, max_length=2000, description="改进措施 / what follows from it"
    )


class ActivityEvaluation(EvaluationFields, SummaryFields, Table, table=True):
    """The evaluation of one activity, below it: planned, opened when it closes, then summed up."""

    __table_args__ = (
        CheckConstraint("window_days BETWEEN 1 AND 60", name="window_days"),
        CheckConstraint("summary_days BETWEEN 1 AND 90", name="summary_days"),
        CheckConstraint(
            "num_nonnulls(summary, summarised_at, summarised_by) IN (0, 3)", name="summary"
        ),
        Index(
            None, "summary_due_on",
            postgresql_where=sql_text("summarised_at IS NULL AND summary_due_on IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", unique=True, sa_type=Uuid)
    survey_id: UUID | None = Field(default=None, foreign_key="survey.id", sa_type=Uuid)
    summary_due_on: date | None = None
    summarised_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    summarised_at: datetime | None = Field(default=None, sa_type=MOMENT)


class EvaluationView(EvaluationFields, SummaryFields):
    """The evaluation of an activity as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    title: str = Field(description="活动名称 / title of the activity")
    survey_id: UUID | None = Field(
        description="评估问卷，活动结束时开放 / its survey, from the closing of the activity on"
    )
    summary_due_on: date | None = Field(description="总结截止日 / by when it is summed up")
    summarised_at: datetime | None = Field(description="总结时间 / when it was summed up")


class EvaluationPlan(EvaluationFields, Command):
    """How an activity is to be evaluated when it closes."""


class NewSummary(SummaryFields, Command):
    """The summary of an activity."""

    summary: str = Field(min_length=1, max_length=5000, description="活动总结 / summary")


# What can be refused.


class EvaluationNotFound(NotFound):
    """There is no such evaluation for the one who asks."""

    code = "evaluation_not_found"
    zh = "未找到该活动评估。"
    en = "There is no such evaluation."


# What may be asked.

EVALUATIONS = Door(
    table=ActivityEvaluation,
    view=EvaluationView,
    read=Permission.ACTIVITY_READ,
    missing=EvaluationNotFound,
    places=ACTIVITY_PLACES,
    shared={name: partial(is_joint, name) for name in JOINTLY},
    shared_for=frozenset({Permission.ACTIVITY_READ}),
    computed={"title": col(Activity.title)},
    joined=ActivityEvaluation.__table__.join(  # type: ignore[attr-defined]
        Activity.__table__,  # type: ignore[attr-defined]
        col(ActivityEvaluation.activity_id) == col(Activity.id),
    ),
    filters={
        "activity_id": col(ActivityEvaluation.activity_id),
        "organiser_unit_id": col(Activity.organiser_unit_id),
        "summarised": lambda done: col(ActivityEvaluation.summarised_at).is_not(None) == done,
        "due_before": lambda day: col(ActivityEvaluation.summary_due_on) < day,
    },
    sorts={"created": (), "summary_due_on": (col(ActivityEvaluation.summary_due_on),)},
)
"""Evaluations, placed by their activity: the organiser's, and those above."""


_OF_ACTIVITY = replace(EVALUATIONS, places=SHARED_PLACES)
"""The same asked for by the activity: those who organise it jointly find them too."""


async def get_evaluation(db: Connection, actor: Actor, *, evaluation_id: UUID) -> Row:
    """One evaluation of an activity in the actor's place."""
    return await EVALUATIONS.get(db, actor, evaluation_id)


async def list_evaluations(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    organiser_unit_id: UUID | None = None,
    summarised: bool | None = None,
    due_before: date | None = None,
) -> Page:
    """The evaluations of activities in the actor's place; with `summarised` false, what is asked for."""
    filters = {
        "activity_id": activity_id, "organiser_unit_id": organiser_unit_id,
        "summarised": summarised, "due_before": due_before,
    }  # fmt: skip
    door = EVALUATIONS if activity_id is None else _OF_ACTIVITY
    return await door.page(db, actor, page, filters=filters)


async def evaluations_by_id(
    db: Connection, actor: Actor, *, evaluation_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many evaluations by their keys; None where the actor may not see one."""
    return await EVALUATIONS.by_id(db, actor, evaluation_ids, columns=columns)
