"""A follow-up: what an assessor tells a teacher after an assessment; its tables and its door."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher, follows_teacher
from app.sql import Connection, Row


class FollowUpFinding(StrEnum):
    """What was found when it was looked at again (跟进结果)."""

    REACHED = "reached"
    """已改进"""
    PARTLY_REACHED = "partly_reached"
    """部分改进"""
    NOT_REACHED = "not_reached"
    """未改进"""


class FollowUpFields(BaseModel):
    """What is good, what to work on, and when it is looked at again."""

    strengths: str = Field(min_length=1, max_length=2000, description="优点 / what is good")
    to_work_on: str = Field(
        min_length=1, max_length=2000, description="需要改进之处 / what to work on"
    )
    follow_up_on: date = Field(description="跟进日期 / day on which it is looked at again")


class FollowUp(FollowUpFields, Placed, Table, table=True):
    """What one teacher was told after one assessment; what was said stays."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("num_nonnulls(reply, replied_at) IN (0, 2)", name="reply"),
        CheckConstraint(
            "num_nonnulls(finding, review, reviewed_at, reviewed_by) IN (0, 4)", name="review"
        ),
        *(Index(None, place, "follow_up_on", "id") for place in ("teacher_id", *PLACE)),
        Index(None, "assessment_id"),
    )

    id: UUID = key()
    assessment_id: UUID = Field(foreign_key="assessment.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    given_at: datetime = Field(sa_type=MOMENT)
    given_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    reply: str | None = Field(default=None, max_length=2000)
    replied_at: datetime | None = Field(default=None, sa_type=MOMENT)
    finding: FollowUpFinding | None = Field(default=None, sa_type=text_enum(FollowUpFinding))
    review: str | None = Field(default=None, max_length=2000)
    reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reviewed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class RecommendationFields(BaseModel):
    """One thing that is recommended: an activity, a course or a resource, or something in words."""

    activity_id: UUID | None = Field(
        default=None, foreign_key="activity.id", sa_type=Uuid, description="研修活动 / activity"
    )
    course_id: UUID | None = Field(
        default=None, foreign_key="course.id", sa_type=Uuid, description="培训课程 / course"
    )
    resource_id: UUID | None = Field(
        default=None, foreign_key="resource.id", sa_type=Uuid, description="共享资源 / resource"
    )
    note: str | None = Field(
        default=None, min_length=1, max_length=500, description="说明 / why, or what else"
    )


class Recommendation(RecommendationFields, Table, table=True):
    """What is recommended with a follow-up, in its order."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(activity_id, course_id, resource_id) <= 1", name="one_thing"),
        CheckConstraint(
            "num_nonnulls(activity_id, course_id, resource_id, note) >= 1", name="something"
        ),
        *(Index(None, name) for name in ("activity_id", "course_id", "resource_id")),
    )

    follow_up_id: UUID = Field(primary_key=True, foreign_key="follow_up.id", sa_type=Uuid)
    ordinal: int = Field(primary_key=True)


class RecommendationView(RecommendationFields):
    """One thing that was recommended."""


class FollowUpView(FollowUpFields):
    """A follow-up as the teacher and those in charge see it, and nobody else."""

    id: UUID = Field(description="标识 / key")
    assessment_id: UUID = Field(description="研修考核 / assessment after which it is given")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    recommendations: list[RecommendationView] = Field(
        description="推荐的研修 / what is recommended"
    )
    given_at: datetime = Field(description="反馈时间 / when it was given")
    reply: str | None = Field(description="教师回应 / what the teacher answered")
    replied_at: datetime | None = Field(description="回应时间 / when")
    finding: FollowUpFinding | None = Field(description="跟进结果 / what was found later")
    review: str | None = Field(description="跟进意见 / what was said of it")
    reviewed_at: datetime | None = Field(description="跟进时间 / when it was looked at again")


# What can be refused.


class FollowUpNotFound(NotFound):
    """There is no such follow-up for the one who asks."""

    code = "follow_up_not_found"
    zh = "未找到该考核跟进指导。"
    en = "There is no such follow-up."


# What may be asked.

_F, _R, _T = (each.__table__ for each in (FollowUp, Recommendation, Teacher))  # type: ignore[union-attr]
_each: Any = func.jsonb_build_object(
    *(part for name in RecommendationView.model_fields for part in (name, _R.c[name]))
)
_RECOMMENDED = (
    select(
        func.coalesce(
            func.jsonb_agg(aggregate_order_by(_each, _R.c.ordinal)), func.jsonb_build_array()
        )
    )
    .where(_R.c.follow_up_id == _F.c.id)
    .correlate(_F)
    .scalar_subquery()
)

FOLLOW_UPS = Door(
    table=FollowUp,
    view=FollowUpView,
    read=Permission.FOLLOW_UP_READ,
    missing=FollowUpNotFound,
    places={"teacher_id": _F.c.teacher_id},
    computed={"name": _T.c.name, "recommendations": _RECOMMENDED},
    joined=_F.join(_T, _F.c.teacher_id == _T.c.id),
    filters={
        "teacher_id": _F.c.teacher_id,
        "school_id": _F.c.school_id,
        "assessment_id": _F.c.assessment_id,
        "reviewed": lambda wanted: _F.c.reviewed_at.is_not(None) == wanted,
    },
    sorts={"follow_up_on": (_F.c.follow_up_on,), "created": ()},
)
"""Between the teacher and those in charge: no auditor reads it, no leader of a group, no application."""


async def get_follow_up(db: Connection, actor: Actor, *, follow_up_id: UUID) -> Row:
    """One follow-up, for the teacher and for those in charge."""
    return await FOLLOW_UPS.get(db, actor, follow_up_id)


async def list_follow_ups(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    school_id: UUID | None = None,
    assessment_id: UUID | None = None,
    reviewed: bool | None = None,
) -> Page:
    """The follow-ups in the actor's place, and one's own, the first due first."""
    filters = {
        "teacher_id": teacher_id, "school_id": school_id, "assessment_id": assessment_id,
        "reviewed": reviewed,
    }  # fmt: skip
    return await FOLLOW_UPS.page(db, actor, page, filters=filters)


async def follow_ups_of(
    db: Connection,
    actor: Actor,
    *,
    assessment_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of what was told after each of many assessments."""
    owner = col(FollowUp.assessment_id)
    return await FOLLOW_UPS.pages_of(db, actor, owner, assessment_ids, page, columns=columns)
