"""Mentoring records (带教记录): observation and guidance, written by either side, confirmed by the other.

Only what the other side has confirmed counts as hours of the mentorship.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
)
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.learning.mentorships import (
    MENTORSHIP_PLACES,
    Mentorship,
)
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class MentoringKind(StrEnum):
    """What was done (带教形式)."""

    OBSERVATION = "observation"
    """听课评课"""
    DEMONSTRATION = "demonstration"
    """导师示范"""
    PLANNING = "planning"
    """备课指导"""
    RESEARCH = "research"
    """教研、课题指导"""
    CLASS_MANAGEMENT = "class_management"
    """班级管理指导"""
    TALK = "talk"
    """谈心、答疑"""
    READING = "reading"
    """共读"""


class MentoringRecordFields(BaseModel):
    """What was done with which mentor, when, and for how long."""

    kind: MentoringKind = Field(description="带教形式 / what", sa_type=text_enum(MentoringKind))
    held_on: date = Field(description="日期 / day")
    hours: Decimal = Field(
        gt=0, le=24, max_digits=4, decimal_places=2, description="学时 / hours", sa_type=AMOUNT
    )
    content: str = Field(
        min_length=10, max_length=10_000, description="内容与建议 / what and with which advice",
        sa_type=Text,
    )  # fmt: skip
    sheet_id: UUID | None = Field(
        default=None,
        description="听课记录 / observation sheet of it, between the two",
        foreign_key="observation_sheet.id",
        sa_type=Uuid,
    )


class MentoringRecord(MentoringRecordFields, Table, table=True):
    """A record, written by one side and confirmed by the other; its place is its mentorship's."""

    __table_args__ = (
        ForeignKeyConstraint(["mentor_id", "mentorship_id"], ["mentor.id", "mentor.mentorship_id"]),
        CheckConstraint("hours > 0 AND hours <= 24", name="hours"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        Index(None, "mentorship_id", "held_on", "id"),
        Index(None, "mentor_id"),
        Index(None, "sheet_id"),
    )

    id: UUID = key()
    mentorship_id: UUID = Field(foreign_key="mentorship.id", sa_type=Uuid)
    mentor_id: UUID = Field(sa_type=Uuid)
    by_mentor: bool
    """Whether a mentor wrote it, else the apprentice."""
    written_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    written_at: datetime = Field(sa_type=MOMENT)
    confirmed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class MentoringRecordView(MentoringRecordFields):
    """A record as both sides see it, and those in charge of the apprentice."""

    id: UUID = Field(description="标识 / key")
    mentorship_id: UUID = Field(description="师徒结对 / mentorship")
    mentor_id: UUID = Field(description="导师（带教导师记录） / mentor with whom")
    by_mentor: bool = Field(description="是否导师填写 / whether a mentor wrote it")
    written_at: datetime = Field(description="填写时间 / when it was written")
    confirmed_at: datetime | None = Field(
        description="对方确认时间 / when the other side confirmed it"
    )


# What can be refused.


class MentoringRecordNotFound(NotFound):
    """There is no such record for the one who asks."""

    code = "mentoring_record_not_found"
    zh = "未找到该带教记录。"
    en = "There is no such mentoring record."


# What may be asked.

_RECORDS, _MENTORSHIPS = (
    each.__table__  # type: ignore[union-attr]
    for each in (MentoringRecord, Mentorship)
)

MENTORING_RECORDS = Door(
    table=MentoringRecord,
    view=MentoringRecordView,
    read=Permission.PAIR_READ,
    missing=MentoringRecordNotFound,
    places=MENTORSHIP_PLACES,
    joined=_RECORDS.join(_MENTORSHIPS, _RECORDS.c.mentorship_id == _MENTORSHIPS.c.id),
    filters={
        "mentorship_id": _RECORDS.c.mentorship_id,
        "kind": _RECORDS.c.kind,
        "confirmed": lambda wanted: _RECORDS.c.confirmed_at.is_not(None) == wanted,
    },
    sorts={"held_on": (_RECORDS.c.held_on,), "created": ()},
)


async def get_mentoring_record(db: Connection, actor: Actor, *, record_id: UUID) -> Row:
    """One record of a mentorship that the actor may see."""
    return await MENTORING_RECORDS.get(db, actor, record_id)


async def list_mentoring_records(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    mentorship_id: UUID | None = None,
    kind: MentoringKind | None = None,
    confirmed: bool | None = None,
) -> Page:
    """The records of the mentorships that the actor may see, by day."""
    filters = {"mentorship_id": mentorship_id, "kind": kind, "confirmed": confirmed}
    return await MENTORING_RECORDS.page(db, actor, page, filters=filters)


async def mentoring_records_of(
    db: Connection,
    actor: Actor,
    *,
    mentorship_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """A page of the records of each of many mentorships."""
    owner = _RECORDS.c.mentorship_id
    return await MENTORING_RECORDS.pages_of(db, actor, owner, mentorship_ids, page, columns=columns)
