"""A problem: its table, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Placed,
    Table,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.units import UNITS, Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject, place_column
from app.sql import Connection, Row, Statement


class ProblemState(StrEnum):
    """What became of a problem (状态)."""

    STATED = "stated"
    """已提出"""
    TAKEN_IN = "taken_in"
    """已采纳"""
    ANSWERED = "answered"
    """已答复"""
    MERGED = "merged"
    """已合并"""


Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class ProblemFields(BaseModel):
    """What the problem is, and where it shows."""

    statement: str = Field(min_length=1, max_length=2000, description="问题 / the problem")
    subject: Subject | None = Field(
        default=None,
        description="学科，不限时为空 / subject, null for all",
        sa_type=text_enum(Subject),
    )
    stage: Stage | None = Field(
        default=None, description="学段，不限时为空 / stage, null for all", sa_type=text_enum(Stage)
    )
    tags: list[Tag] = Field(
        default_factory=list, max_length=10, description="标签 / tags", sa_type=ARRAY(Text)
    )


class TeachingProblem(ProblemFields, Placed, Table, table=True):
    """A problem, placed where it was stated; it stays there when who stated it moves on."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("(merged_into_id IS NOT NULL) = (state = 'merged')", name="merged"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("(reply IS NOT NULL) = (state = 'answered')", name="reply"),
        CheckConstraint("(decided_at IS NOT NULL) = (state <> 'stated')", name="decided"),
        ForeignKeyConstraint(["merged_into_id"], ["teaching_problem.id"]),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
        *(
            Index(None, name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("group_id", "teacher_id", "merged_into_id")
        ),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, foreign_key="research_group.id", sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    stated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    stated_at: datetime = Field(sa_type=MOMENT)
    state: ProblemState = Field(sa_type=text_enum(ProblemState))
    merged_into_id: UUID | None = Field(default=None, sa_type=Uuid)
    reply: str | None = Field(default=None, max_length=2000)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ProblemView(ProblemFields):
    """A problem as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所在单位 / unit where it was stated")
    group_id: UUID | None = Field(description="教研组 / group, if a group stated it")
    teacher_id: UUID | None = Field(description="教师 / teacher, if one stated it for oneself")
    stated_at: datetime = Field(description="提出时间 / when it was stated")
    state: ProblemState = Field(description="状态 / what became of it")
    merged_into_id: UUID | None = Field(description="并入的问题 / problem that it was joined with")
    reply: str | None = Field(description="答复 / answer")
    decided_at: datetime | None = Field(description="办理时间 / when something became of it")


class NewProblem(ProblemFields, Command):
    """A problem to be stated: by a teacher for oneself, or else for a group or a unit."""

    unit_id: UUID | None = Field(
        default=None, description="以单位名义提出 / the unit for which it is stated"
    )
    group_id: UUID | None = Field(
        default=None, description="以教研组名义提出 / the group for which it is stated"
    )


class ProblemReply(Command):
    """What is answered to a problem."""

    reply: str = Field(min_length=1, max_length=2000, description="答复 / answer")


class ProblemMerger(Command):
    """With which problem another is joined."""

    into_id: UUID = Field(description="并入的问题 / problem that says the same")


class ProblemCount(BaseModel):
    """How many problems of a unit were stated about something, and how many wait."""

    subject: Subject | None = Field(description="学科 / subject, null for those about none")
    stage: Stage | None = Field(description="学段 / stage, null for those about none")
    problems: int = Field(
        description="问题数，不含已合并 / problems, without those joined with others"
    )
    waiting: int = Field(description="待办理数 / of them, those that wait")
    taken_in: int = Field(description="已采纳数 / of them, those taken in")
    answered: int = Field(description="已答复数 / of them, those answered")


# What can be refused.


class ProblemNotFound(NotFound):
    """There is no such problem for the one who asks."""

    code = "problem_not_found"
    zh = "未找到该问题。"
    en = "There is no such problem."


# What may be asked.

PROBLEMS = Door(
    table=TeachingProblem,
    view=ProblemView,
    read=Permission.PROBLEM_READ,
    missing=ProblemNotFound,
    places={
        "group_id": col(TeachingProblem.group_id),
        "teacher_id": col(TeachingProblem.teacher_id),
    },
    filters={
        "unit_id": col(TeachingProblem.unit_id),
        "group_id": col(TeachingProblem.group_id),
        "state": col(TeachingProblem.state),
        "subject": col(TeachingProblem.subject),
        "stage": col(TeachingProblem.stage),
        "tag": lambda tag: tag == any_(col(TeachingProblem.tags)),
    },
    sorts={"created": ()},
)
"""Problems, seen where they were stated, by the group and by the teacher who did."""


async def get_problem(db: Connection, actor: Actor, *, problem_id: UUID) -> Row:
    """One problem within the actor's reach; a teacher sees the own ones."""
    return await PROBLEMS.get(db, actor, problem_id)


async def list_problems(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    state: ProblemState | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    tag: str | None = None,
) -> Page:
    """The problems that the actor may see, in the order in which they were stated."""
    filters = {
        "unit_id": unit_id, "group_id": group_id, "state": state, "subject": subject,
        "stage": stage, "tag": tag,
    }  # fmt: skip
    return await PROBLEMS.page(db, actor, page, filters=filters)


async def problems_by_id(
    db: Connection, actor: Actor, *, problem_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many problems by their keys; None where the actor may not see one."""
    return await PROBLEMS.by_id(db, actor, problem_ids, columns=columns)


def _counts(place: str) -> Statement:
    state = col(TeachingProblem.state)
    about = (col(TeachingProblem.subject), col(TeachingProblem.stage))
    return Statement(
        select(
            *about,
            func.count().label("problems"),
            *(
                func.count().filter(state == each).label(name)
                for name, each in (
                    ("waiting", ProblemState.STATED),
                    ("taken_in", ProblemState.TAKEN_IN),
                    ("answered", ProblemState.ANSWERED),
                )
            ),
        )
        .where(
            col(getattr(TeachingProblem, place)) == bindparam("unit_id", type_=Uuid),
            state != ProblemState.MERGED,
        )
        .group_by(*about)
        .order_by(func.count().desc(), *about)
    )


_COUNTS = {place: _counts(place) for place in PLACE}


async def list_problem_counts(db: Connection, actor: Actor, *, unit_id: UUID) -> list[Row]:
    """How many problems were stated in a unit and below, by subject and stage, the most first."""
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.PROBLEM_READ)
    return await db.all(_COUNTS[place_column(unit)], unit_id=unit_id)
