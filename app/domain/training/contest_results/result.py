"""A result of a competition: its fields, its table, its two doors, and what may be asked of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Index,
    Uuid,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, follows_teacher
from app.domain.training.activities import (
    ACTIVITIES,
)
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection


class Award(StrEnum):
    """The award (奖次)."""

    SPECIAL = "special"
    """特等奖"""
    FIRST = "first"
    """一等奖"""
    SECOND = "second"
    """二等奖"""
    THIRD = "third"
    """三等奖"""
    EXCELLENT = "excellent"
    """优秀奖"""
    NONE = "none"
    """未获奖"""


class ResultFields(BaseModel):
    """What somebody entered and what it was awarded; the level is the activity's."""

    work_title: str = Field(min_length=1, max_length=200, description="作品或课题名称 / work")
    award: Award = Field(description="奖次 / award", sa_type=text_enum(Award))
    rank: int | None = Field(default=None, ge=1, le=10_000, description="名次 / place")
    points: Decimal | None = Field(
        default=None, ge=0, max_digits=8, decimal_places=2, description="得分 / points",
        sa_type=AMOUNT,
    )  # fmt: skip


class ContestResult(ResultFields, Placed, Table, table=True):
    """One result; a row that was corrected or struck stays, with the moment, the reason and by whom."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("rank >= 1", name="rank"),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint(
            "num_nonnulls(superseded_at, superseded_by, reason) IN (0, 3)", name="superseded"
        ),
        Index(
            "uq_contest_result_standing", "activity_id", "teacher_id", "work_title", unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "activity_id", "id"),
        Index(None, "teacher_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    corrects_id: UUID | None = Field(default=None, foreign_key="contest_result.id", sa_type=Uuid)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    superseded_at: datetime | None = Field(default=None, sa_type=MOMENT)
    superseded_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    reason: str | None = Field(default=None, max_length=500)


class ResultView(ResultFields):
    """A result as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")
    teacher_id: UUID = Field(description="教师 / teacher")
    corrects_id: UUID | None = Field(description="所更正的成绩 / the result that it corrects")
    recorded_at: datetime = Field(description="登记时间 / when it was entered")
    superseded_at: datetime | None = Field(
        description="更正或撤销时间，有效时为空 / when it was corrected or struck; null: it stands"
    )
    reason: str | None = Field(description="更正或撤销理由 / the reason for that")


class ContestantView(ResultView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


# What can be refused.


class ResultNotFound(NotFound):
    """There is no such result for the one who asks."""

    code = "contest_result_not_found"
    zh = "未找到该竞赛成绩。"
    en = "There is no such result."


# What may be asked.

RESULTS = door_of_teacher(ContestResult, ResultView, ResultNotFound)
"""Results as they belong to the teacher."""

CONTESTANTS = door_of_organiser(
    ContestResult,
    ContestantView,
    ResultNotFound,
    filters={
        "award": col(ContestResult.award),
        "standing": lambda wanted: col(ContestResult.superseded_at).is_(None) == wanted,
    },
    sorts={**BY_CREATION, **BY_NAME},
)
"""The same rows as they belong to the organiser."""


async def list_contest_results(
    db: Connection,
    actor: Actor,
    *,
    activity_id: UUID,
    page: PageRequest,
    award: Award | None = None,
    standing: bool | None = None,
) -> Page:
    """The results of a competition that the actor organises, corrected ones too unless `standing`."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    filters = {"activity_id": activity_id, "award": award, "standing": standing}
    return await CONTESTANTS.page(db, actor, page, filters=filters)


async def list_teacher_contest_results(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """The results of one teacher whom the actor may see, what was corrected included."""
    await TEACHERS.get(db, actor, teacher_id)
    return await RESULTS.page(db, actor, page, filters={"teacher_id": teacher_id})


async def contest_results_of(
    db: Connection,
    actor: Actor,
    *,
    activity_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The results of each of many competitions, in the order of entering."""
    owner = col(ContestResult.activity_id)
    return await CONTESTANTS.pages_of(db, actor, owner, activity_ids, page, columns=columns)
