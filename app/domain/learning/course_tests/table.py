"""What a test is: its words, fields, tables, and what is shown."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Table, key, text_enum
from app.domain.learning.bank_questions import BankQuestionKind, Difficulty
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.activities import ActivityContent

MOST_DRAWN = 200
"""How many questions a paper has at most: it is drawn, saved and marked as a whole."""


class CourseTestState(StrEnum):
    """Where a test stands (状态)."""

    DRAFT = "draft"
    """草稿"""
    PUBLISHED = "published"
    """已发布"""


class CountedAttempt(StrEnum):
    """Which of somebody's attempts counts (计分方式)."""

    BEST = "best"
    """取最高分"""
    LAST = "last"
    """取最后一次"""


class Disclosure(StrEnum):
    """When those who took a test are shown something of it (公布时间)."""

    AT_ONCE = "at_once"
    """交卷即公布；答案在本人不能再考后公布"""
    AFTER_CLOSE = "after_close"
    """考试时间截止后公布"""
    NEVER = "never"
    """不公布"""


class SectionFields(BaseModel):
    """A part of a test: so many questions drawn out of those named, or out of those of a bank that fit."""

    title: str | None = Field(
        default=None, min_length=1, max_length=100, description="大题名称 / title"
    )
    question_ids: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_DRAWN,
        description="指定的题目 / questions that are named",
    )
    draw: int | None = Field(
        default=None, ge=1, le=MOST_DRAWN,
        description="每份试卷抽取的题数；指定题目时可空，即全部 / how many are drawn for each paper;"
        " null: all that are named",
    )  # fmt: skip
    owner_id: UUID | None = Field(
        default=None, description="从该单位、教研组或部门的题库抽题 / whose bank is drawn from"
    )
    kind: BankQuestionKind | None = Field(default=None, description="题型 / kind")
    difficulty: Difficulty | None = Field(default=None, description="难度 / difficulty")
    subject: Subject | None = Field(default=None, description="学科 / subject")
    stage: Stage | None = Field(default=None, description="学段 / stage")
    content: ActivityContent | None = Field(default=None, description="研修内容 / content")


class CourseTestFields(BaseModel):
    """How a test is taken, and what passes it."""

    title: str = Field(min_length=1, max_length=200, description="测验名称 / title")
    introduction: str | None = Field(
        default=None, min_length=1, max_length=2000, description="说明 / what those who take it read",
        sa_type=Text,
    )  # fmt: skip
    pass_percent: int = Field(
        default=60, ge=1, le=100, description="合格线，满分的百分之几 / per cent that pass"
    )
    attempts_allowed: int = Field(
        default=1, ge=1, le=20, description="每人可考次数 / attempts that each has"
    )
    counted: CountedAttempt = Field(
        default=CountedAttempt.BEST, description="计分方式 / which attempt counts",
        sa_type=text_enum(CountedAttempt),
    )  # fmt: skip
    minutes: int | None = Field(
        default=None, ge=1, le=1440, description="时限（分钟），不限为空 / minutes; null: no limit"
    )
    opens_at: datetime | None = Field(
        default=None, description="开放时间，不填为发布即开放 / from when; null: once published",
        sa_type=MOMENT,
    )  # fmt: skip
    closes_at: datetime | None = Field(
        default=None, description="截止时间，不限为空 / until when; null: no end", sa_type=MOMENT
    )
    shuffled: bool = Field(
        default=False, description="题目与选项是否乱序 / whether questions and options are shuffled"
    )
    result_shown: Disclosure = Field(
        default=Disclosure.AT_ONCE, description="成绩公布时间 / when the result is shown",
        sa_type=text_enum(Disclosure, suffix="_of_result"),
    )  # fmt: skip
    solutions_shown: Disclosure = Field(
        default=Disclosure.NEVER, description="答案公布时间 / when what is right is shown",
        sa_type=text_enum(Disclosure, suffix="_of_solutions"),
    )  # fmt: skip


class CourseTest(CourseTestFields, Table, table=True):
    """A test (测验): of a class or another activity, or of one version of a course for all its classes.

    It lies where that lies.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["course_id", "course_version"], ["course_version.course_id", "course_version.number"]
        ),
        CheckConstraint("num_nonnulls(activity_id, course_id) = 1", name="of_one"),
        CheckConstraint("(course_id IS NULL) = (course_version IS NULL)", name="of_a_version"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        CheckConstraint("attempts_allowed > 0", name="attempts_allowed"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint(
            "closes_at IS NOT NULL OR 'after_close' NOT IN (result_shown, solutions_shown)",
            name="shown_after_close",
        ),
        CheckConstraint("jsonb_typeof(sections) = 'array'", name="sections"),
        CheckConstraint(
            "num_nonnulls(published_at, published_by)"
            " = CASE WHEN state = 'published' THEN 2 ELSE 0 END",
            name="published",
        ),
        Index(None, "activity_id", "id", postgresql_where=text("activity_id IS NOT NULL")),
        Index(
            None, "course_id", "course_version", "id",
            postgresql_where=text("course_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID | None = Field(default=None, foreign_key="activity.id", sa_type=Uuid)
    course_id: UUID | None = Field(default=None, sa_type=Uuid)
    course_version: int | None = None
    sections: list[dict[str, Any]] = Field(sa_type=JSONB)
    state: CourseTestState = Field(sa_type=text_enum(CourseTestState))
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    published_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class CourseTestQuestion(Table, table=True):
    """A version of a question from which a published test draws, in one of its parts."""

    __table_args__ = (
        CheckConstraint("section >= 0 AND ordinal >= 0", name="order"),
        Index(None, "version_id"),
    )

    test_id: UUID = Field(primary_key=True, foreign_key="course_test.id", sa_type=Uuid)
    version_id: UUID = Field(primary_key=True, foreign_key="bank_question_version.id", sa_type=Uuid)
    section: int
    ordinal: int


class CourseTestView(CourseTestFields):
    """A test as both faces show it: of its questions no more than how they are drawn."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID | None = Field(description="所属活动（班） / activity that it is of, or")
    course_id: UUID | None = Field(description="所属课程 / course that it is of")
    course_version: int | None = Field(description="课程版本 / and which version of it")
    sections: list[SectionFields] = Field(description="组卷规则 / parts, in their order")
    state: CourseTestState = Field(description="状态 / state")
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    attempts: int = Field(description="已有的作答次数 / attempts that were begun")
