"""The table of choices (选课): that a teacher chose an activity in a round."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Uuid, text
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key, text_enum
from app.domain.learning.choice_rounds import MOST_CHOICES
from app.domain.people.teachers import follows_teacher


class DeclineGround(StrEnum):
    """Why a choice led to no place (未录取原因)."""

    NO_PLACE = "no_place"
    """名额已满"""
    ENOUGH = "enough"
    """已达每人录取数"""
    CLASH = "clash"
    """与已录取的活动时间冲突"""
    CANCELLED = "cancelled"
    """活动或本轮已取消，或活动已开始"""
    OUTSIDE = "outside"
    """已不属于该活动的参训对象"""
    DECIDED = "decided"
    """组织者决定，另有理由"""


class Choice(Placed, Versioned, Table, table=True):
    """That a teacher chose an activity in a round; it goes with the teacher.

    What became of it follows from the enrolment once the choice was accepted: nothing is told twice.
    """

    __table_args__ = (
        follows_teacher(),
        ForeignKeyConstraint(
            ["round_id", "activity_id"], ["choice_offering.round_id", "choice_offering.activity_id"]
        ),
        CheckConstraint(f"preference BETWEEN 1 AND {MOST_CHOICES}", name="preference"),
        CheckConstraint(
            "num_nonnulls(accepted_at, declined_at) <= 1 AND (declined_at IS NULL) = (ground IS NULL)",
            name="decided_once",
        ),
        CheckConstraint(
            "(reason IS NOT NULL) = (ground IS NOT NULL AND ground = 'decided')", name="reason"
        ),
        # One teacher has one choice of an activity, and one of each preference: however often and fast
        # somebody asks, there are never more choices than preferences.
        Index(
            "uq_choice_once", "round_id", "teacher_id", "activity_id", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "uq_choice_preference", "round_id", "teacher_id", "preference", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "round_id", "activity_id", "id"),
        Index(None, "activity_id", "teacher_id"),
        Index(None, "teacher_id", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    round_id: UUID = Field(sa_type=Uuid)
    activity_id: UUID = Field(sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    preference: int
    chosen_at: datetime = Field(sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    accepted_at: datetime | None = Field(default=None, sa_type=MOMENT)
    declined_at: datetime | None = Field(default=None, sa_type=MOMENT)
    ground: DeclineGround | None = Field(default=None, sa_type=text_enum(DeclineGround))
    reason: str | None = Field(default=None, max_length=500)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
