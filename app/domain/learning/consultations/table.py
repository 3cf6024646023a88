"""What a consultation is: its fields, its tables."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, key, text_enum
from app.domain.people.teachers import Subject, follows_teacher


class ConsultationState(StrEnum):
    """Whose turn it is (状态): asked ⇄ answered → closed."""

    ASKED = "asked"
    """待答复"""
    ANSWERED = "answered"
    """已答复"""
    CLOSED = "closed"
    """已办结"""


class ConsultationFields(BaseModel):
    """What is asked, and who besides the two may read it."""

    title: str = Field(min_length=2, max_length=200, description="问题标题 / title")
    subject: Subject | None = Field(
        default=None,
        description="学科，不限时为空 / subject, null for none",
        sa_type=text_enum(Subject),
    )
    is_private: bool = Field(
        default=True,
        description="仅双方可见；否则提问人所在学校可见 / whether only the two read it, else the school",
    )


class Consultation(ConsultationFields, Placed, Table, table=True):
    """A question of a teacher to an adviser, placed by the teacher who asks.

    The adviser is a teacher whom the one who asks knows as a trainer of a library, as a mentor, or as the
    head of a group: one of the three keys says as which.
    """

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("teacher_id <> adviser_id", name="not_oneself"),
        CheckConstraint("num_nonnulls(trainer_id, mentor_id, group_id) = 1", name="known_as"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("rating IS NULL OR closed_at IS NOT NULL", name="rated_when_closed"),
        CheckConstraint("remark IS NULL OR rating IS NOT NULL", name="remark"),
        *(Index(None, name, "id") for name in (*PLACE, "teacher_id", "adviser_id")),
        Index(None, "adviser_id", "since", postgresql_where=text("state = 'asked'")),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    adviser_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    trainer_id: UUID | None = Field(default=None, foreign_key="trainer.id", sa_type=Uuid)
    mentor_id: UUID | None = Field(default=None, foreign_key="mentor.id", sa_type=Uuid)
    group_id: UUID | None = Field(default=None, foreign_key="research_group.id", sa_type=Uuid)
    state: ConsultationState = Field(sa_type=text_enum(ConsultationState))
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    asked_at: datetime = Field(sa_type=MOMENT)
    since: datetime = Field(sa_type=MOMENT)
    """Since when it is the turn of whose it is."""
    due_on: date
    """By when the last question is to be answered."""
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    """When it was answered first."""
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    rating: int | None = Field(default=None, sa_type=SmallInteger)
    remark: str | None = Field(default=None, max_length=500)


class ConsultationMessage(Table, table=True):
    """A question or an answer of a consultation, in their order; it is never changed."""

    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: UUID = key()
    consultation_id: UUID = Field(foreign_key="consultation.id", sa_type=Uuid)
    number: int
    by_adviser: bool
    text: str = Field(sa_type=Text)
    written_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    written_at: datetime = Field(sa_type=MOMENT)
