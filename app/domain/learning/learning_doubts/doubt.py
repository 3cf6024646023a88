"""A doubt about what a player told (学习疑点): of whom, in which class, why, and what somebody found.

What is in doubt does not count until somebody has dismissed it; what is confirmed never counts. A doubt
that nobody has decided lapses when what it rested on is so no more: a statement was made void, an
attendance corrected, the days of the class moved.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import Activity
from app.domain.training.activities.activity import ACTIVITY_PLACES
from app.sql import Connection, Row

LearningDoubtFigures = NewType("LearningDoubtFigures", dict[str, Any])
"""Figures by their names, which the kind says (`LearningDoubtKind`)."""


class LearningDoubtKind(StrEnum):
    """What is in question (疑点类型), with its figures."""

    TWO_PLACES = "two_places"
    """同时两处: while learning online, at a session in person, in another class, or at another player.
    `minutes`, `sessions`, `records`"""
    TOO_FAST = "too_fast"
    """快于实际时间: more time was told of than went by. `seconds`, `elapsed`, `records`"""
    REGULAR = "regular"
    """间隔过于规律: what a person ends came at nearly constant intervals. `interval`, `spread`, `records`"""
    OUTSIDE_WINDOW = "outside_window"
    """不在学习期内: before the first day of the class, after the last, or ahead of the clock. `records`"""


class LearningDoubtState(StrEnum):
    """What has become of it (状态)."""

    OPEN = "open"
    """待核查"""
    DISMISSED = "dismissed"
    """排除"""
    CONFIRMED = "confirmed"
    """属实"""
    LAPSED = "lapsed"
    """依据消失，自动关闭"""


DECIDED = (LearningDoubtState.DISMISSED, LearningDoubtState.CONFIRMED)
"""What somebody has decided, for good; what has lapsed may be found again."""


class LearningDoubtFields(BaseModel):
    """What is in question, about whom, and which records it rests on."""

    activity_id: UUID = Field(
        description="活动（班） / activity that the class is",
        foreign_key="activity.id",
        sa_type=Uuid,
    )
    teacher_id: UUID = Field(
        description="涉及教师 / teacher whom it is about", foreign_key="teacher.id", sa_type=Uuid
    )
    kind: LearningDoubtKind = Field(
        description="疑点类型 / kind", sa_type=text_enum(LearningDoubtKind)
    )
    records: list[UUID] = Field(
        description="涉及的学习记录 / learning records that it rests on", sa_type=ARRAY(Uuid)
    )
    figures: LearningDoubtFigures = Field(
        description="数据依据，按类型而异 / the figures behind it, by kind", sa_type=JSONB
    )
    state: LearningDoubtState = Field(
        description="状态 / state", sa_type=text_enum(LearningDoubtState)
    )
    found_at: datetime = Field(description="发现时间 / when it was found first", sa_type=MOMENT)
    decided_at: datetime | None = Field(
        default=None,
        description="核查或自动关闭的时间 / when somebody decided, or it lapsed",
        sa_type=MOMENT,
    )
    decided_by: UUID | None = Field(
        default=None,
        description="核查账号，自动关闭时为空 / account that decided; none where it lapsed",
        foreign_key="account.id",
        sa_type=Uuid,
    )
    opinion: str | None = Field(
        default=None, max_length=500, description="核查意见 / what was found on looking"
    )


class LearningDoubt(LearningDoubtFields, Placed, Table, table=True):
    """A doubt, placed by the class. Of one person, class and kind one is open; the decided ones stay."""

    __table_args__ = (
        *place_constraints(),
        Index(
            None, "activity_id", "teacher_id", "kind", unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_learning_doubt_of_person", "activity_id", "teacher_id"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("cardinality(records) > 0", name="rests_on_records"),
        CheckConstraint(
            "(state IN ('dismissed', 'confirmed')) = (decided_by IS NOT NULL)", name="by_somebody"
        ),
        *(
            Index(
                f"ix_learning_doubt_open_{level}", f"{level}_id", "id",
                postgresql_where=text("state = 'open'"),
            )
            for level in ("school", "county", "city")
        ),
    )  # fmt: skip

    id: UUID = key()


class LearningDoubtView(LearningDoubtFields):
    """A doubt as both faces show it."""

    id: UUID = Field(description="标识 / key")


class LearningDoubtOpinion(Command):
    """What was found on looking."""

    opinion: str = Field(min_length=2, max_length=500, description="核查意见 / what was found")


# What can be refused.


class LearningDoubtNotFound(NotFound):
    """There is no such doubt for the one who asks."""

    code = "learning_doubt_not_found"
    zh = "未找到该学习疑点。"
    en = "There is no such doubt about learning."


class LearningDoubtDecided(Conflict):
    """Somebody has decided about it before, or it has lapsed."""

    code = "learning_doubt_decided"
    zh = "该学习疑点已核查或已自动关闭。"
    en = "This doubt has been decided already, or has lapsed."


class LearningDoubtOfOneself(Conflict):
    """Nobody decides a doubt about themselves."""

    code = "learning_doubt_of_oneself"
    zh = "不能核查涉及本人的学习疑点。"
    en = "Nobody decides a doubt about themselves."


# What may be asked.

LEARNING_DOUBTS = Door(
    table=LearningDoubt,
    view=LearningDoubtView,
    read=Permission.ATTENDANCE_READ,
    missing=LearningDoubtNotFound,
    # As with attendance, it is no record of the teacher: the progress says what does not count.
    places=ACTIVITY_PLACES,
    joined=LearningDoubt.__table__.join(  # type: ignore[attr-defined]
        Activity.__table__,  # type: ignore[attr-defined]
        col(LearningDoubt.activity_id) == col(Activity.id),
    ),
    filters={
        "activity_id": col(LearningDoubt.activity_id),
        "kind": col(LearningDoubt.kind),
        "state": col(LearningDoubt.state),
    },
    sorts={"found": ()},
)


async def get_learning_doubt(db: Connection, actor: Actor, *, doubt_id: UUID) -> Row:
    """One doubt about learning in a class in the actor's place."""
    return await LEARNING_DOUBTS.get(db, actor, doubt_id)


async def list_learning_doubts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    activity_id: UUID | None = None,
    kind: LearningDoubtKind | None = None,
    state: LearningDoubtState | None = None,
) -> Page:
    """The doubts about learning in classes in the actor's place, the first found first."""
    filters = {"activity_id": activity_id, "kind": kind, "state": state}
    return await LEARNING_DOUBTS.page(db, actor, page, filters=filters)
