"""What an exercise is: its fields, its table and that of its files, what is shown."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Date, Index, Text, UniqueConstraint, Uuid
from sqlmodel import Field

from app.domain.base import MOMENT, Table, key

MOST_FILES = 10
"""How many files an exercise, or what is handed in, has at most."""


class ExerciseFields(BaseModel):
    """What is to be done, and by when."""

    title: str = Field(min_length=1, max_length=100, description="作业名称 / title")
    text: str = Field(
        min_length=2, max_length=10_000, description="作业要求 / what is to be done", sa_type=Text
    )
    due_on: date = Field(
        description="截止日期（含），其后提交记为迟交 / by which day; what comes later is late",
        sa_type=Date,
    )


class Exercise(ExerciseFields, Table, table=True):
    """An exercise given to those who take part in an activity; its place is the activity's."""

    __table_args__ = (
        # For what is handed in, which names both.
        UniqueConstraint("id", "activity_id"),
        Index(None, "activity_id", "id"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    given_at: datetime = Field(sa_type=MOMENT)
    given_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ExerciseFile(Table, table=True):
    """A file that belongs to an exercise: a template, something to read."""

    __table_args__ = (Index(None, "file_id"),)

    exercise_id: UUID = Field(primary_key=True, foreign_key="exercise.id", sa_type=Uuid)
    file_id: UUID = Field(primary_key=True, foreign_key="file.id", sa_type=Uuid)


class ExerciseView(ExerciseFields):
    """An exercise as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动（班） / activity in which it is given")
    file_ids: list[UUID] = Field(description="附件 / files that belong to it")
    given_at: datetime = Field(description="布置时间 / when it was given")
    withdrawn_at: datetime | None = Field(
        description="撤销时间，未撤销为空 / when it was taken back; null while it stands"
    )
