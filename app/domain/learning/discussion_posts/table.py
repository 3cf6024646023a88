"""What is kept beside a post: how it read before, whom it names, who reported it, and what was decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Index,
    Text,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Table, key, text_enum


class PostWording(Table, table=True):
    """How a post read before its author edited it; forgotten when it is withdrawn."""

    __table_args__ = (Index(None, "post_id", "replaced_at", "id"),)

    id: UUID = key()
    post_id: UUID = Field(foreign_key="discussion_post.id", sa_type=Uuid)
    text: str = Field(sa_type=Text)
    replaced_at: datetime = Field(sa_type=MOMENT)


class PostMention(Table, table=True):
    """That a post names a teacher, who finds it among what waits until the discussion is read so far."""

    __table_args__ = (Index(None, "teacher_id", "post_id"),)

    post_id: UUID = Field(primary_key=True, foreign_key="discussion_post.id", sa_type=Uuid)
    teacher_id: UUID = Field(primary_key=True, foreign_key="teacher.id", sa_type=Uuid)


class ReportReason(StrEnum):
    """What is wrong with a post (举报原因)."""

    ABUSE = "abuse"
    """辱骂、攻击"""
    PRIVACY = "privacy"
    """泄露个人信息"""
    FALSE = "false"
    """不实信息"""
    ADVERTISING = "advertising"
    """广告"""
    OFF_TOPIC = "off_topic"
    """与研讨无关"""
    OTHER = "other"
    """其他"""


class PostOutcome(StrEnum):
    """What those who moderate decide of a post (处理结果)."""

    HIDDEN = "hidden"
    """隐藏"""
    RESTORED = "restored"
    """恢复"""
    DISMISSED = "dismissed"
    """举报不成立"""


class ReportFields(BaseModel):
    """Why a post is reported."""

    reason: ReportReason = Field(description="举报原因 / why", sa_type=text_enum(ReportReason))
    remark: str | None = Field(
        default=None, min_length=2, max_length=500, description="说明 / in words"
    )


class DecisionFields(BaseModel):
    """Why those who moderate decide so."""

    reason: str = Field(min_length=2, max_length=500, description="理由 / why")


class PostDecision(DecisionFields, Table, table=True):
    """That a post was hidden, restored, or that the reports of it were dismissed; it is never changed."""

    __table_args__ = (Index(None, "post_id", "id"),)

    id: UUID = key()
    decided_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime = Field(sa_type=MOMENT)
    post_id: UUID = Field(foreign_key="discussion_post.id", sa_type=Uuid)
    outcome: PostOutcome = Field(sa_type=text_enum(PostOutcome))


class PostReport(ReportFields, Table, table=True):
    """That somebody reported a post, with the text as it stood; it waits until it has a decision."""

    __table_args__ = (
        Index(
            "uq_post_report_waiting", "post_id", "reported_by", unique=True,
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index(None, "post_id", "id"),
        Index(None, "decision_id"),
    )  # fmt: skip

    id: UUID = key()
    post_id: UUID = Field(foreign_key="discussion_post.id", sa_type=Uuid)
    reported_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    reported_at: datetime = Field(sa_type=MOMENT)
    text: str = Field(sa_type=Text)
    decision_id: UUID | None = Field(default=None, foreign_key="post_decision.id", sa_type=Uuid)
