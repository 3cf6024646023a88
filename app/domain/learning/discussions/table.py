"""What a discussion is: its fields, and its tables with those of its posts and of how far each has read."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import MOMENT, Table, key

LONGEST_VIDEO = 24 * 60 * 60 * 1000
"""Milliseconds of the longest video that is observed: a day."""

THINGS = ("activity_id", "course_id", "topic_id", "group_id")
"""The columns of what a discussion may be on."""


class DiscussionFields(BaseModel):
    """What is discussed."""

    title: str = Field(min_length=2, max_length=200, description="主题 / title")
    text: str | None = Field(
        default=None, min_length=2, max_length=5000, description="说明 / what it is about",
        sa_type=Text,
    )  # fmt: skip


class VideoFields(BaseModel):
    """Which lesson video is observed."""

    resource_id: UUID | None = Field(
        default=None,
        description="课例视频（共享资源），不观摩时为空 / resource that is the video, if one is observed",
        foreign_key="resource.id",
        sa_type=Uuid,
    )
    duration_ms: int | None = Field(
        default=None, gt=0, le=LONGEST_VIDEO, description="视频时长，毫秒 / length of it in ms",
        sa_type=Integer,
    )  # fmt: skip


class Discussion(DiscussionFields, VideoFields, Table, table=True):
    """A discussion on one thing: an activity (or a session of it), a course, a topic or a group.

    It has no place and no audience of its own: it is where the thing is, and seen by whoever sees that.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "activity_id"], ["activity_session.id", "activity_session.activity_id"]
        ),
        CheckConstraint(f"num_nonnulls({', '.join(THINGS)}) = 1", name="on_one_thing"),
        CheckConstraint("session_id IS NULL OR activity_id IS NOT NULL", name="session"),
        CheckConstraint("(resource_id IS NULL) = (duration_ms IS NULL)", name="video"),
        CheckConstraint(f"duration_ms BETWEEN 1 AND {LONGEST_VIDEO}", name="duration"),
        CheckConstraint(
            "num_nonnulls(closed_at, closed_by, closed_because) IN (0, 3)", name="closed"
        ),
        *(
            Index(None, name, "id", postgresql_where=text(f"{name} IS NOT NULL"))
            for name in (*THINGS, "resource_id", "teacher_id")
        ),
    )

    id: UUID = key()
    opened_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    opened_at: datetime = Field(sa_type=MOMENT)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    """The teacher who opened it, if a teacher did."""
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    session_id: UUID | None = Field(default=None, sa_type=Uuid)
    course_id: UUID | None = Field(default=None, foreign_key="course.id", sa_type=Uuid)
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id", sa_type=Uuid)
    group_id: UUID | None = Field(default=None, foreign_key="research_group.id", sa_type=Uuid)
    is_pinned: bool
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    closed_because: str | None = Field(default=None, max_length=500)


class DiscussionReading(Table, table=True):
    """Up to which post an account has read a discussion: posts are numbered, so that one row says it."""

    discussion_id: UUID = Field(primary_key=True, foreign_key="discussion.id", sa_type=Uuid)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id", sa_type=Uuid)
    read_to: int
    read_at: datetime = Field(sa_type=MOMENT)


class DiscussionPost(Table, table=True):
    """A post in a discussion, a comment at a moment of its video, or a reply to either.

    One that is withdrawn keeps its place and its number, and loses its text; one that is hidden keeps all,
    for those who moderate. `reported_at` is since when a report of it waits.
    """

    __table_args__ = (
        UniqueConstraint("discussion_id", "number"),
        UniqueConstraint("id", "discussion_id"),
        ForeignKeyConstraint(
            ["parent_id", "discussion_id"], ["discussion_post.id", "discussion_post.discussion_id"]
        ),
        CheckConstraint(f"at_ms BETWEEN 0 AND {LONGEST_VIDEO}", name="at_ms"),
        CheckConstraint("parent_id IS NULL OR at_ms IS NULL", name="reply_is_at_its_post"),
        CheckConstraint("(text IS NULL) = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_because IS NULL)", name="hidden"),
        CheckConstraint("told_at IS NULL OR hidden_at IS NOT NULL", name="told"),
        Index(None, "discussion_id", "at_ms", "number", "id"),
        Index(None, "parent_id", "number", postgresql_where=text("parent_id IS NOT NULL")),
        Index(None, "teacher_id", "id", postgresql_where=text("teacher_id IS NOT NULL")),
        Index(None, "reported_at", postgresql_where=text("reported_at IS NOT NULL")),
        Index(None, "hidden_at", postgresql_where=text("hidden_at IS NOT NULL")),
    )

    id: UUID = key()
    discussion_id: UUID = Field(foreign_key="discussion.id", sa_type=Uuid)
    number: int
    parent_id: UUID | None = Field(default=None, sa_type=Uuid)
    written_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    written_at: datetime = Field(sa_type=MOMENT)
    teacher_id: UUID | None = Field(default=None, foreign_key="teacher.id", sa_type=Uuid)
    """The teacher who wrote it, if a teacher did."""
    text: str | None = Field(default=None, sa_type=Text)
    at_ms: int | None = Field(default=None, sa_type=Integer)
    edited_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    hidden_at: datetime | None = Field(default=None, sa_type=MOMENT)
    hidden_because: str | None = Field(default=None, max_length=500)
    told_at: datetime | None = Field(default=None, sa_type=MOMENT)
    """When the author took note that it was hidden."""
    reported_at: datetime | None = Field(default=None, sa_type=MOMENT)
