"""What a self-study course is: its words, fields, table and milestones, and what is shown."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, text_enum
from app.domain.people.teachers import follows_teacher
from app.domain.training.activities import ActivityContent

FULL_HOURS = Decimal(180)
"""大力确保以教育研究为主的个性化自主学习课程180学时 (the school's plan for 2011 to 2015, two, 2, 2.1, (1))."""
MOST_MILESTONES = 50
"""How many milestones a self-study has at most: they are agreed to together."""


class SelfStudyState(StrEnum):
    """Where a self-study stands (状态)."""

    DRAFT = "draft"
    """草稿"""
    SUBMITTED = "submitted"
    """已提交，待审定"""
    RETURNED = "returned"
    """退回修改"""
    AGREED = "agreed"
    """已审定，进行中"""
    REPORTED = "reported"
    """已提交结题，待审核"""
    CONCLUDED = "concluded"
    """已结题"""
    ENDED = "ended"
    """已终止"""


class SelfStudyFields(BaseModel):
    """What a teacher studies alone, led by a question of research, and by when."""

    title: str = Field(min_length=2, max_length=200, description="课程名称 / title")
    question: str = Field(
        min_length=2, max_length=2000, description="研究问题 / question that leads it"
    )
    method: str | None = Field(
        default=None, min_length=2, max_length=5000, description="研究方法与学习资源 / how, and with what",
        sa_type=Text,
    )  # fmt: skip
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="研修内容 / what it is about",
        sa_type=ARRAY(Text),
    )
    hours: Decimal = Field(
        default=FULL_HOURS, gt=0, max_digits=8, decimal_places=2,
        description="学时，等于各节点学时之和，默认180 / hours, the sum of its milestones'; 180 by default",
        sa_type=AMOUNT,
    )  # fmt: skip
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期（含） / last day")


class SelfStudy(SelfStudyFields, Placed, Table, table=True):
    """A self-study of one teacher, placed by the teacher; it waits for the school from `since` on."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(conclusion IS NOT NULL) OR state NOT IN ('reported', 'concluded')", name="conclusion"
        ),
        CheckConstraint("(concluded_on IS NOT NULL) = (state = 'concluded')", name="concluded_on"),
        CheckConstraint("(ended_because IS NOT NULL) = (state = 'ended')", name="ended_because"),
        CheckConstraint("num_nonnulls(opinion, decided_by) IN (0, 2)", name="opinion"),
        *(Index(None, name, "starts_on", "id") for name in (*PLACE, "teacher_id")),
        Index(
            None, "school_id", "since", postgresql_where=text("state IN ('submitted', 'reported')")
        ),
    )  # fmt: skip

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    state: SelfStudyState = Field(sa_type=text_enum(SelfStudyState))
    since: datetime = Field(sa_type=MOMENT)
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    submitted_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """For whom a delegate handed it in: neither of the two decides on it."""
    opinion: str | None = Field(default=None, max_length=2000)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    conclusion: str | None = Field(default=None, sa_type=Text)
    concluded_on: date | None = None
    ended_because: str | None = Field(default=None, max_length=500)


class SelfStudyView(SelfStudyFields):
    """A self-study as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    school_id: UUID = Field(description="学校 / school")
    state: SelfStudyState = Field(description="状态 / state")
    since: datetime = Field(description="进入该状态的时间 / since when it is in that state")
    opinion: str | None = Field(description="最近的审定意见 / what the school said last")
    conclusion: str | None = Field(description="结题报告 / what came of it")
    concluded_on: date | None = Field(description="结题日期 / day on which it was concluded")
    ended_because: str | None = Field(description="终止原因 / why it was given up")
    done_hours: Decimal = Field(
        description="已完成节点的学时 / hours of the milestones that were reported"
    )


class MilestoneFields(BaseModel):
    """One step of a self-study: what is done by when, for how many hours."""

    title: str = Field(min_length=2, max_length=200, description="节点任务 / what is done")
    hours: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2, description="学时 / hours", sa_type=AMOUNT
    )
    due_on: date = Field(description="完成期限 / by when")


class SelfStudyMilestone(MilestoneFields, Table, table=True):
    """A milestone (学习节点) of a self-study, and what was reported of it with what shows it."""

    __table_args__ = (
        UniqueConstraint("study_id", "ordinal"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("(report IS NULL) = (reported_at IS NULL)", name="report"),
        CheckConstraint("file_id IS NULL OR report IS NOT NULL", name="file"),
        Index(None, "file_id", postgresql_where=text("file_id IS NOT NULL")),
    )

    id: UUID = key()
    study_id: UUID = Field(foreign_key="self_study.id", sa_type=Uuid)
    ordinal: int
    report: str | None = Field(default=None, sa_type=Text)
    file_id: UUID | None = Field(default=None, foreign_key="file.id", sa_type=Uuid)
    reported_at: datetime | None = Field(default=None, sa_type=MOMENT)


class MilestoneView(MilestoneFields):
    """A milestone as both faces show it."""

    id: UUID = Field(description="标识 / key")
    study_id: UUID = Field(description="自主学习课程 / self-study")
    ordinal: int = Field(description="序号，从1起 / which one, from 1")
    report: str | None = Field(description="完成情况 / what was done")
    file_id: UUID | None = Field(description="佐证文件 / file that shows it")
    reported_at: datetime | None = Field(description="填报时间 / when it was reported")
