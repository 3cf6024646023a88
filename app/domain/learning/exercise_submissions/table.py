"""What is handed in: its words, its tables, what is shown to whom."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, key, text_enum
from app.domain.people.teachers import PersonName, follows_teacher


class ExerciseState(StrEnum):
    """Where what was handed in stands (状态)."""

    WAITING = "waiting"
    """待批阅"""
    ACCEPTED = "accepted"
    """通过"""
    RETURNED = "returned"
    """退回"""


class SubmissionFields(BaseModel):
    """What somebody hands in."""

    text: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="正文 / in words", sa_type=Text
    )


class ReviewFields(BaseModel):
    """What a reviewer says of it."""

    comment: str | None = Field(
        default=None, min_length=1, max_length=5000, description="评语 / comment"
    )
    score: Decimal | None = Field(
        default=None, ge=0, le=100, max_digits=5, decimal_places=2,
        description="分数（0–100），不计分为空 / score from 0 to 100; null without", sa_type=Numeric(5, 2),
    )  # fmt: skip


class ExerciseSubmission(SubmissionFields, ReviewFields, Placed, Table, table=True):
    """What a teacher handed in to an exercise: once, and once more each time that it was returned."""

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["exercise_id", "activity_id"], ["exercise.id", "exercise.activity_id"]
        ),
        UniqueConstraint("exercise_id", "teacher_id", "number"),
        Index(
            "uq_exercise_submission_stands", "exercise_id", "teacher_id", unique=True,
            postgresql_where=text("state <> 'returned'"),
        ),
        Index(None, "teacher_id", "id"),
        Index(None, "activity_id", "id"),
        Index(None, "activity_id", "handed_in_at", postgresql_where=text("state = 'waiting'")),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("(state = 'waiting') = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewer"),
        CheckConstraint("state <> 'returned' OR comment IS NOT NULL", name="says_why"),
    )  # fmt: skip

    id: UUID = key()
    exercise_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    number: int
    handed_in_at: datetime = Field(sa_type=MOMENT)
    is_late: bool
    """Whether it came after the day that was said then."""
    state: ExerciseState = Field(sa_type=text_enum(ExerciseState))
    reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reviewed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ExerciseSubmissionFile(Table, table=True):
    """A file that was handed in."""

    __table_args__ = (Index(None, "file_id"),)

    submission_id: UUID = Field(
        primary_key=True, foreign_key="exercise_submission.id", sa_type=Uuid
    )
    file_id: UUID = Field(primary_key=True, foreign_key="file.id", sa_type=Uuid)


class ExerciseSubmissionView(SubmissionFields, ReviewFields):
    """What was handed in as its writer sees it, and those in charge of the writer."""

    id: UUID = Field(description="标识 / key")
    exercise_id: UUID = Field(description="作业 / exercise")
    activity_id: UUID = Field(description="活动（班） / activity in which it was given")
    teacher_id: UUID = Field(description="教师 / who handed it in")
    number: int = Field(description="第几次提交，从 1 起 / which time, from 1")
    file_ids: list[UUID] = Field(description="附件 / its files")
    handed_in_at: datetime = Field(description="提交时间 / when it was handed in")
    is_late: bool = Field(description="是否迟交 / whether it came late")
    state: ExerciseState = Field(description="状态 / state")
    reviewed_at: datetime | None = Field(description="批阅时间 / when it was reviewed")


class HandedInView(ExerciseSubmissionView):
    """The same as who reviews it sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")
