"""An output: its fields, its tables, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    func,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.destinations import HostLevel
from app.sql import Connection, Row


class OutputKind(StrEnum):
    """What came of research (成果形式)."""

    PAPER = "paper"
    """论文"""
    BOOK = "book"
    """专著、教材"""
    REPORT = "report"
    """研究报告"""
    SHOW = "show"
    """成果展示"""
    CASE = "case"
    """教学案例"""
    COURSEWARE = "courseware"
    """课件、课例"""
    OTHER = "other"
    """其他"""


class OutputState(StrEnum):
    """Where the statement of an output stands (状态)."""

    STATED = "stated"
    """待核实"""
    CONFIRMED = "confirmed"
    """已核实"""
    RETURNED = "returned"
    """已退回"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class OutputFields(BaseModel):
    """What came of research, where it appeared, and what shows it."""

    title: str = Field(min_length=2, max_length=300, description="成果名称 / title")
    kind: OutputKind = Field(description="成果形式 / kind", sa_type=text_enum(OutputKind))
    level: HostLevel = Field(
        description="级别 / of what level", sa_type=text_enum(HostLevel, suffix="_of_output")
    )
    venue: str = Field(
        min_length=1,
        max_length=200,
        description="发表刊物、出版社或展示场合 / journal, publisher or occasion",
    )
    published_on: date = Field(description="发表、出版或展示日期 / day on which it appeared")
    doi: str | None = Field(default=None, max_length=200, description="DOI")
    isbn: str | None = Field(default=None, max_length=30, description="ISBN")
    other_authors: str | None = Field(
        default=None,
        min_length=1,
        max_length=300,
        description="系统外作者 / authors outside the city",
    )
    topic_id: UUID | None = Field(
        default=None,
        description="所属课题 / topic it came of",
        foreign_key="topic.id",
        sa_type=Uuid,
    )
    file_id: UUID | None = Field(
        default=None,
        description="佐证文件 / file that shows it",
        foreign_key="file.id",
        sa_type=Uuid,
    )


class ResearchOutput(OutputFields, Placed, Versioned, Table, table=True):
    """An output, placed where it was stated; it stays there when its authors move on."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("id", "city_id"),
        CheckConstraint("(state = 'stated') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'returned' OR opinion IS NOT NULL", name="returned_with_reason"),
        *(Index(None, name, "id") for name in ("unit_id", "school_id", "county_id", "city_id")),
        Index(None, "city_id", "plain_title"),
        *(
            Index(None, "city_id", name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("doi", "isbn")
        ),
        *(
            Index(None, name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("topic_id", "file_id")
        ),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    plain_title: str = Field(max_length=300)
    state: OutputState = Field(sa_type=text_enum(OutputState))
    stated_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    stated_at: datetime = Field(sa_type=MOMENT)
    opinion: str | None = Field(default=None, max_length=2000)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


class OutputAuthor(Table, table=True):
    """That a teacher is an author of an output, the first, the second, and so on."""

    __table_args__ = (
        UniqueConstraint("output_id", "teacher_id"),
        Index(None, "teacher_id", "output_id"),
    )

    id: UUID = key()
    output_id: UUID = Field(foreign_key="research_output.id", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    ordinal: int


class OutputView(OutputFields):
    """An output as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="填报单位 / unit where it was stated")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    author_ids: list[UUID] = Field(description="作者，依次 / authors among the teachers, in order")
    state: OutputState = Field(description="状态 / state")
    stated_at: datetime = Field(description="填报时间 / when it was stated")
    opinion: str | None = Field(description="核实意见 / opinion")
    decided_at: datetime | None = Field(description="核实时间 / when it was decided")


# What can be refused.


class OutputNotFound(NotFound):
    """There is no such output for the one who asks."""

    code = "output_not_found"
    zh = "未找到该成果。"
    en = "There is no such output."


# What may be asked.


def is_author(teacher_ids: Any) -> ColumnElement[bool]:
    """The predicate 'one of these teachers is an author of the output'."""
    own = select(col(OutputAuthor.output_id)).where(
        col(OutputAuthor.teacher_id) == any_(teacher_ids)
    )
    return col(ResearchOutput.id).in_(own)


_authors: Any = func.array(
    select(col(OutputAuthor.teacher_id))
    .where(col(OutputAuthor.output_id) == col(ResearchOutput.id))
    .order_by(col(OutputAuthor.ordinal))
    .correlate(ResearchOutput)
    .scalar_subquery()
)

OUTPUTS = Door(
    table=ResearchOutput,
    view=OutputView,
    read=Permission.TOPIC_READ,
    missing=OutputNotFound,
    places={"teacher_id": is_author},
    computed={"author_ids": _authors},
    filters={
        "unit_id": col(ResearchOutput.unit_id),
        "topic_id": col(ResearchOutput.topic_id),
        "kind": col(ResearchOutput.kind),
        "state": col(ResearchOutput.state),
        "author_id": lambda teacher: col(ResearchOutput.id).in_(
            select(col(OutputAuthor.output_id)).where(col(OutputAuthor.teacher_id) == teacher)
        ),
    },
    sorts={"created": (), "published_on": (col(ResearchOutput.published_on),)},
)
"""Outputs, seen where they were stated and by their authors."""


async def get_output(db: Connection, actor: Actor, *, output_id: UUID, lock: bool = False) -> Row:
    """One output within the actor's reach; a teacher reaches the own ones."""
    return await OUTPUTS.get(db, actor, output_id, lock=lock)


async def list_outputs(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    topic_id: UUID | None = None,
    author_id: UUID | None = None,
    kind: OutputKind | None = None,
    state: OutputState | None = None,
) -> Page:
    """The outputs that the actor may see, in the order in which they were stated."""
    filters = {
        "unit_id": unit_id, "topic_id": topic_id, "author_id": author_id, "kind": kind,
        "state": state,
    }  # fmt: skip
    return await OUTPUTS.page(db, actor, page, filters=filters)


async def outputs_by_id(
    db: Connection, actor: Actor, *, output_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many outputs by their keys; None where the actor may not see one."""
    return await OUTPUTS.by_id(db, actor, output_ids, columns=columns)


async def outputs_of(
    db: Connection,
    actor: Actor,
    *,
    topic_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """What came of each of many topics."""
    owner = col(ResearchOutput.topic_id)
    return await OUTPUTS.pages_of(db, actor, owner, topic_ids, page, columns=columns)
