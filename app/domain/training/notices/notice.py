"""A notice (通知): its fields, its table, for whom it is, its door."""

from datetime import date, datetime
from enum import StrEnum
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
    func,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Placed,
    Table,
    Versioned,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum, is_among
from app.domain.training.audiences import Audience, Candidates
from app.sql import Connection, Row


class Receipt(StrEnum):
    """Who is to confirm that a notice has come (回执)."""

    NONE = "none"
    """不要求"""
    UNITS = "units"
    """各单位回执: each addressed unit once, by whoever sends notices for it"""
    PEOPLE = "people"
    """教师本人回执: each addressed teacher"""


class NoticeState(StrEnum):
    """How far it has come (状态)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class NoticeFields(BaseModel):
    """What a notice says, and what is asked of those who get it."""

    title: str = Field(min_length=1, max_length=200, description="标题 / title")
    text: str = Field(min_length=1, max_length=20_000, description="正文 / the text", sa_type=Text)
    document: str | None = Field(
        default=None, min_length=1, max_length=100,
        description="依据文号 / number of the document that it rests on",
    )  # fmt: skip
    receipt: Receipt = Field(
        default=Receipt.NONE, description="回执要求 / who is to confirm it",
        sa_type=text_enum(Receipt),
    )  # fmt: skip
    due_on: date | None = Field(
        default=None, description="办理或回执期限 / by when it is to be confirmed"
    )
    strata: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="仅面向通知对象中属于这些类别之一的教师（分层分类分岗），不填为全部 / of those addressed"
        " only teachers who count in one of these strata on the day it is published; none: all",
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": "{}"},
    )


class Notice(NoticeFields, Placed, Versioned, Table, table=True):
    """A notice, placed by the unit that sends it."""

    __table_args__ = (
        *place_constraints(),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        *(Index(None, name, "id") for name in ("school_id", "county_id", "city_id")),
        Index(None, "due_on", postgresql_where=text("state = 'published' AND receipt <> 'none'")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    state: NoticeState = Field(sa_type=text_enum(NoticeState))
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class NoticeAudience(Table, table=True):
    """One target of a notice: a unit, with everyone below it, or a group, with its members."""

    __table_args__ = (Index(None, "target_id", "notice_id"),)

    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, sa_type=Uuid)


class NoticeCandidate(Table, table=True):
    """A teacher of those addressed who counts in a stratum that the notice is for, on its first day."""

    __table_args__ = (Index(None, "teacher_id", "notice_id"),)

    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", sa_type=Uuid)
    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)


class NoticeView(NoticeFields):
    """A notice as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发文单位 / unit that sends it")
    state: NoticeState = Field(description="状态 / state")
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    withdrawn_at: datetime | None = Field(description="撤回时间 / when it was withdrawn")
    audience: list[UUID] = Field(description="通知对象 / units and groups it is for")


# What can be refused.


class NoticeNotFound(NotFound):
    """There is no such notice for the one who asks."""

    code = "notice_not_found"
    zh = "未找到该通知。"
    en = "There is no such notice."


# What may be asked.


AUDIENCE = Audience(NoticeAudience, "notice_id")
CANDIDATES = Candidates(AUDIENCE, NoticeCandidate, Notice)


def is_addressed(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this notice is published to one of these': units, groups, teachers by key."""
    named = AUDIENCE.is_for(col(Notice.id), addresses)
    return is_among(col(Notice.state), [NoticeState.PUBLISHED]) & named


NOTICES = Door(
    table=Notice,
    view=NoticeView,
    read=Permission.NOTICE_READ,
    missing=NoticeNotFound,
    audience=is_addressed,
    computed={
        "audience": AUDIENCE.shown(col(Notice.id)),
    },
    filters={
        "unit_id": col(Notice.unit_id),
        "state": col(Notice.state),
        "teacher_id": lambda teacher_id: CANDIDATES.includes(col(Notice.id), teacher_id),
    },
    sorts={"created": (), "due_on": (func.coalesce(col(Notice.due_on), date(9999, 1, 1)),)},
)
"""Notices: managed where they are placed, and shown to whom they are for while they are published."""


async def get_notice(db: Connection, actor: Actor, *, notice_id: UUID, lock: bool = False) -> Row:
    """One notice of the actor's place, or for the actor to read."""
    return await NOTICES.get(db, actor, notice_id, lock=lock)


async def list_notices(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    state: NoticeState | None = None,
) -> Page:
    """The notices that were sent in the actor's place, in the order in which they were drafted."""
    return await NOTICES.page(db, actor, page, filters={"unit_id": unit_id, "state": state})


async def list_own_notices(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The notices that are for the actor: for units at and above, and for own groups.

    Those that are for strata are shown to a teacher who counts in one, and to whoever answers for units.
    """
    filters = {"teacher_id": told_as_teacher(actor)}
    return await NOTICES.page(db, actor, page, filters=filters, published=True)


def told_as_teacher(actor: Actor) -> UUID | None:
    """The teacher whose strata decide what the actor is told; None where units are told by the actor."""
    return None if actor.scope(Permission.NOTICE_WRITE).shape else actor.teacher_id
