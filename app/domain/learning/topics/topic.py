"""A topic: its fields, its tables, its doors, and what may be asked of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    UniqueConstraint,
    Uuid,
    any_,
    exists,
    func,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.learning.topics.vocabulary import TopicDuty, TopicGrade, TopicLevel, TopicState
from app.domain.organisation.units import Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Subject, Teacher
from app.sql import Connection, Row

SHARE = Numeric(5, 2)
"""A share in hundredths of the whole: 100.00 is all of it."""


class TopicFields(BaseModel):
    """What is to be studied, at which level, and until when."""

    title: str = Field(min_length=2, max_length=200, description="课题名称 / title")
    level: TopicLevel = Field(
        description="级别 / level that approves it", sa_type=text_enum(TopicLevel)
    )
    subject: Subject | None = Field(
        default=None,
        description="学科，不限时为空 / subject, null for all",
        sa_type=text_enum(Subject),
    )
    stage: Stage | None = Field(
        default=None, description="学段，不限时为空 / stage, null for all", sa_type=text_enum(Stage)
    )
    summary: str = Field(
        min_length=2, max_length=5000, description="选题论证 / what is studied, and why"
    )
    starts_on: date = Field(description="开始日期 / first day")
    due_on: date = Field(description="计划结题日期 / day by which it is to be concluded")


class Topic(TopicFields, Placed, Versioned, Table, table=True):
    """A topic, placed by the school or the bureau that carries it, and stays there."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("due_on > starts_on", name="ends_after_it_begins"),
        CheckConstraint("level <> 'school' OR school_id IS NOT NULL", name="level_of_bureau"),
        CheckConstraint(
            "(state = 'concluded') = (concluded_on IS NOT NULL)"
            " AND (concluded_on IS NULL) = (grade IS NULL)",
            name="concluded",
        ),
        Index(
            "uq_topic_number", "city_id", "level", "number", unique=True,
            postgresql_where=text("number IS NOT NULL"),
        ),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
        Index(None, "leader_id", "id"), Index(None, "change_transaction", "change_sequence"),
        Index(None, "group_id", "id", postgresql_where=text("group_id IS NOT NULL")),
    )  # fmt: skip

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, foreign_key="research_group.id", sa_type=Uuid)
    leader_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    state: TopicState = Field(sa_type=text_enum(TopicState))
    shares_explained: str | None = Field(default=None, max_length=500)
    number: str | None = Field(default=None, max_length=60)
    approved_on: date | None = None
    concluded_on: date | None = None
    grade: TopicGrade | None = Field(default=None, sa_type=text_enum(TopicGrade))
    certificate_number: str | None = Field(default=None, max_length=60)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    created_at: datetime = Field(sa_type=MOMENT)


class TopicMember(Versioned, Table, table=True):
    """That a teacher takes part in a topic, as what, and with which share in it."""

    __table_args__ = (
        UniqueConstraint("topic_id", "teacher_id"),
        CheckConstraint("share >= 0 AND share <= 100", name="share"),
        Index(
            "uq_topic_member_leader", "topic_id", unique=True,
            postgresql_where=text("duty = 'leader'"),
        ),
        Index(None, "teacher_id", "topic_id"),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    topic_id: UUID = Field(foreign_key="topic.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    duty: TopicDuty = Field(sa_type=text_enum(TopicDuty))
    share: Decimal = Field(sa_type=SHARE)
    task: str | None = Field(default=None, max_length=200)


class TopicProblem(Table, table=True):
    """That a topic takes up a problem that was stated."""

    __table_args__ = (
        PrimaryKeyConstraint("topic_id", "problem_id"),
        Index(None, "problem_id", "topic_id"),
    )

    topic_id: UUID = Field(foreign_key="topic.id", sa_type=Uuid)
    problem_id: UUID = Field(foreign_key="teaching_problem.id", sa_type=Uuid)


class TopicView(TopicFields):
    """A topic as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="承担单位 / unit that carries it")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's topic")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    group_id: UUID | None = Field(description="教研组 / group, if one carries it")
    leader_id: UUID = Field(description="主持人 / teacher who leads it")
    leader_name: PersonName = Field(description="主持人姓名 / name of the leader")
    state: TopicState = Field(description="状态 / state")
    members: int = Field(description="成员数，含主持人 / members, the leader included")
    shares_explained: str | None = Field(
        description="份额合计不为 100 的说明 / why the shares do not make up 100"
    )
    problem_ids: list[UUID] = Field(description="来源问题 / problems that it takes up")
    number: str | None = Field(description="立项编号 / number under which it was approved")
    approved_on: date | None = Field(description="立项日期 / day on which it was approved")
    concluded_on: date | None = Field(description="结题日期 / day on which it was concluded")
    grade: TopicGrade | None = Field(description="结题等级 / grade of its conclusion")
    certificate_number: str | None = Field(description="结题证书编号 / number of the certificate")
    created_at: datetime = Field(description="创建时间 / when it was begun")


# What can be refused.


class TopicNotFound(NotFound):
    """There is no such topic for the one who asks."""

    code = "topic_not_found"
    zh = "未找到该课题。"
    en = "There is no such topic."


# What may be asked.


def is_mine(teacher_ids: Any) -> ColumnElement[bool]:
    """The predicate 'one of these teachers takes part in the topic'."""
    own = select(col(TopicMember.topic_id)).where(col(TopicMember.teacher_id) == any_(teacher_ids))
    return col(Topic.id).in_(own)


def is_of_members(accounts: Any) -> ColumnElement[bool]:
    """The predicate 'one of these accounts is of somebody who takes part in the topic'."""
    people = select(col(Account.teacher_id)).where(col(Account.id) == any_(accounts))
    return exists(
        select(col(TopicMember.id)).where(
            col(TopicMember.topic_id) == col(Topic.id), col(TopicMember.teacher_id).in_(people)
        )
    )


TOPIC_PLACES = {
    **{name: col(getattr(Topic, name)) for name in PLACE},
    "group_id": col(Topic.group_id),
    "teacher_id": is_mine,
}
"""What places what belongs to a topic: its unit, its group, and those who take part in it."""

_problems: Any = func.array(
    select(col(TopicProblem.problem_id))
    .where(col(TopicProblem.topic_id) == col(Topic.id))
    .order_by(col(TopicProblem.problem_id))
    .correlate(Topic)
    .scalar_subquery()
)
_members: Any = (
    select(func.count())
    .where(col(TopicMember.topic_id) == col(Topic.id))
    .correlate(Topic)
    .scalar_subquery()
)

TOPICS = Door(
    table=Topic,
    view=TopicView,
    read=Permission.TOPIC_READ,
    missing=TopicNotFound,
    places=TOPIC_PLACES,
    computed={
        "leader_name": col(Teacher.name), "problem_ids": _problems, "members": _members,
    },
    joined=Topic.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Topic.leader_id) == col(Teacher.id),
    ),
    filters={
        "unit_id": col(Topic.unit_id),
        "group_id": col(Topic.group_id),
        "level": col(Topic.level),
        "state": col(Topic.state),
        "subject": col(Topic.subject),
        "stage": col(Topic.stage),
        "problem_id": lambda problem: col(Topic.id).in_(
            select(col(TopicProblem.topic_id)).where(col(TopicProblem.problem_id) == problem)
        ),
        "due_before": lambda day: col(Topic.due_on) < day,
    },
    sorts={"created": (), "due_on": (col(Topic.due_on),), "title": (col(Topic.title),)},
)  # fmt: skip
"""Topics, seen where they are carried and by whoever takes part in them."""

_LED = replace(
    TOPICS,
    places=TOPIC_PLACES | {"teacher_id": col(Topic.leader_id)},
    shared={"teacher_id": is_mine},
)
"""The same for whoever writes on them: of those who take part, the leader alone."""


async def get_topic(db: Connection, actor: Actor, *, topic_id: UUID, lock: bool = False) -> Row:
    """One topic within the actor's reach; a teacher reaches those in which one takes part."""
    return await TOPICS.get(db, actor, topic_id, lock=lock)


async def open_topic(db: Connection, actor: Actor, *, topic_id: UUID) -> Row:
    """A topic on which the actor may write, as its leader, its group or its unit; it stays locked."""
    return await _LED.get(db, actor, topic_id, permission=Permission.TOPIC_WRITE, lock=True)


async def list_topics(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    level: TopicLevel | None = None,
    state: TopicState | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    problem_id: UUID | None = None,
    due_before: date | None = None,
) -> Page:
    """The topics that the actor may see, in the order in which they were begun."""
    filters = {
        "unit_id": unit_id, "group_id": group_id, "level": level, "state": state,
        "subject": subject, "stage": stage, "problem_id": problem_id, "due_before": due_before,
    }  # fmt: skip
    return await TOPICS.page(db, actor, page, filters=filters)


async def topics_by_id(
    db: Connection, actor: Actor, *, topic_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many topics by their keys; None where the actor may not see one."""
    return await TOPICS.by_id(db, actor, topic_ids, columns=columns)


async def topics_of(
    db: Connection,
    actor: Actor,
    *,
    unit_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The topics that each of many schools or bureaux carries, in the order of their beginning."""
    return await TOPICS.pages_of(db, actor, col(Topic.unit_id), unit_ids, page, columns=columns)
