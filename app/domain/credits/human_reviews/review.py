"""A request for a review by a human: what it is, who sees it, what may be asked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Index,
    Uuid,
    case,
    exists,
    literal,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, text_enum
from app.domain.credits.entries.table import CreditEntry
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import PersonName, Teacher, follows_teacher
from app.domain.people.teachers.strata import is_among
from app.sql import Connection, Row


class ReviewState(StrEnum):
    """What has become of it (状态)."""

    ASKED = "asked"
    """待复核"""
    UPHELD = "upheld"
    """维持原结果"""
    PUT_RIGHT = "put_right"
    """应予更正"""
    WITHDRAWN = "withdrawn"
    """已撤回"""


class HumanReviewFields(BaseModel):
    """What is to be looked at, and why."""

    entry_id: UUID | None = Field(
        default=None,
        description="学分记录 / entry that is refused",
        foreign_key="credit_entry.id",
        sa_type=Uuid,
    )
    activity_id: UUID | None = Field(
        default=None,
        description="活动，对其未予认定有异议 / activity for which nothing was recognised",
        foreign_key="activity.id",
        sa_type=Uuid,
    )
    reason: str = Field(min_length=2, max_length=2000, description="申请理由 / why")


class HumanReview(HumanReviewFields, Placed, Table, table=True):
    """A request of one teacher, placed by the teacher; about one thing at most one is open."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("num_nonnulls(entry_id, activity_id) = 1", name="about_one_thing"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        Index(
            "uq_human_review_open", "teacher_id", text("coalesce(entry_id, activity_id)"),
            unique=True, postgresql_where=text("state = 'asked'"),
        ),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: ReviewState = Field(sa_type=text_enum(ReviewState))
    asked_at: datetime = Field(sa_type=MOMENT)
    due_on: date
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=2000)


class HumanReviewView(HumanReviewFields):
    """A request as both sides see it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    state: ReviewState = Field(description="状态 / state")
    asked_at: datetime = Field(description="申请时间 / when it was asked")
    due_on: date = Field(description="应答复日期 / day by which it is to be answered")
    decided_at: datetime | None = Field(description="答复或撤回时间 / decided, or withdrawn")
    opinion: str | None = Field(description="复核意见及理由 / what was decided, and why")
    done: bool | None = Field(
        description="应予更正的是否已更正，其他为空 / whether what is to be put right has been, else null"
    )


class NewHumanReview(HumanReviewFields, Command):
    """What a human is asked to look at."""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.entry_id is None) == (self.activity_id is None):
            raise Unfit("请填写学分记录或活动之一。", "Name an entry or an activity, one of them.")
        return self


class ReviewDecision(Command):
    """What a human has found."""

    put_right: bool = Field(description="是否应予更正 / whether it is to be put right")
    opinion: str = Field(min_length=2, max_length=2000, description="复核意见及理由 / why")


# What can be refused.


class HumanReviewNotFound(NotFound):
    """There is no such request for the one who asks."""

    code = "human_review_not_found"
    zh = "未找到该复核申请。"
    en = "There is no such request for a review."


# What may be asked.

_struck = exists(
    select(literal(1)).where(col(CreditEntry.reverses_id) == col(HumanReview.entry_id))
)
_reversal = CreditEntry.__table__.alias("reversal")  # type: ignore[attr-defined]
_entered = exists(
    select(literal(1)).where(
        col(CreditEntry.teacher_id) == col(HumanReview.teacher_id),
        col(CreditEntry.source_kind) == "activity",
        col(CreditEntry.source_id) == col(HumanReview.activity_id),
        ~exists(select(literal(1)).where(_reversal.c.reverses_id == col(CreditEntry.id))),
    )
)
TO_PUT_RIGHT = is_among(col(HumanReview.state), [ReviewState.PUT_RIGHT])
PUT_RIGHT = case((col(HumanReview.entry_id).is_not(None), _struck), else_=_entered)
"""Whether the ledger says otherwise by now: the entry was reversed or corrected, the activity recognised."""

HUMAN_REVIEWS = Door(
    table=HumanReview,
    view=HumanReviewView,
    read=Permission.CREDIT_READ,
    missing=HumanReviewNotFound,
    places={"teacher_id": col(HumanReview.teacher_id)},
    computed={"name": col(Teacher.name), "done": case((TO_PUT_RIGHT, PUT_RIGHT))},
    joined=HumanReview.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(HumanReview.teacher_id) == col(Teacher.id),
    ),
    filters={"teacher_id": col(HumanReview.teacher_id), "state": col(HumanReview.state)},
    sorts={"asked": ()},
)


async def get_human_review(db: Connection, actor: Actor, *, review_id: UUID) -> Row:
    """One request: one's own, or of somebody in the actor's place."""
    return await HUMAN_REVIEWS.get(db, actor, review_id)


async def list_human_reviews(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    state: ReviewState | None = None,
) -> Page:
    """One's own requests, and those of the actor's place, the first asked first."""
    filters = {"teacher_id": teacher_id, "state": state}
    return await HUMAN_REVIEWS.page(db, actor, page, filters=filters)
