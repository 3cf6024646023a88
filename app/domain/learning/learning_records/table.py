"""The tables of learning records: what players have told, and whose progress is due to be counted."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table
from app.domain.people.teachers import follows_teacher

SCORE = Numeric(7, 6)
"""A scaled score, from -1 to 1."""


class LearningRecord(Placed, Table, table=True):
    """A statement (学习记录) as it was told, placed by the teacher; nothing in it ever changes.

    `document` is the statement with what the server has set, as it is given back; the columns say of
    it what is asked and counted. `voids` is the record that this one makes void.
    """

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        CheckConstraint("seconds >= 0", name="seconds"),
        CheckConstraint("share BETWEEN 0 AND 100", name="share"),
        CheckConstraint("voids <> id", name="voids_another"),
        Index(None, "voids", unique=True, postgresql_where=text("voids IS NOT NULL")),
        Index(None, "activity_id", "teacher_id", "happened_at"),
        *(Index(None, name, "stored_at", "id") for name in (*PLACE, "teacher_id")),
        Index(None, "tags", postgresql_using="gin"),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    session_id: UUID | None = Field(default=None, sa_type=Uuid)
    player_id: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    verb: str = Field(sa_type=Text)
    object: str = Field(sa_type=Text)
    of_class: bool
    """Whether it is said of the class as a whole, and not of an item of it."""
    happened_at: datetime = Field(sa_type=MOMENT)
    stored_at: datetime = Field(sa_type=MOMENT)
    seconds: int | None = None
    share: int | None = Field(default=None, sa_type=SmallInteger)
    score: Decimal | None = Field(default=None, sa_type=SCORE)
    completed: bool
    voids: UUID | None = Field(default=None, foreign_key="learning_record.id", sa_type=Uuid)
    tags: list[str] = Field(sa_type=ARRAY(Text))
    """By what the standard lets statements be asked for (`naming`)."""
    document: str = Field(sa_type=Text)
    digest: bytes = Field(sa_type=LargeBinary)
    """Of the statement as it was told, in normal form: the same again is the same."""


class LearningDue(Table, table=True):
    """Of whom something was told since their progress in a class was counted."""

    __table_args__ = (Index(None, "since"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)
    since: datetime = Field(sa_type=MOMENT)
