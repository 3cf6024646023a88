"""What an attempt is: its table, its questions, what was marked and doubted of it, and what is shown."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key
from app.domain.learning.bank_questions import BankQuestionKind
from app.domain.people.teachers import PersonName, follows_teacher
from app.domain.training.surveys import OptionView


class AttemptState(StrEnum):
    """Where an attempt stands (作答状态); it follows from the clock and from what is marked."""

    OPEN = "open"
    """作答中"""
    MARKING = "marking"
    """已交卷，待阅卷"""
    MARKED = "marked"
    """已出分"""


class CourseTestAttempt(Placed, Table, table=True):
    """One attempt of a teacher at a test, placed by the teacher; past `due_at` it is over by itself.

    `given` is what the teacher said: by the number of the question, what, which time, and when. What that
    is worth stands with the questions. `activity_id` is where the teacher had the place.
    """

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("test_id", "activity_id", "teacher_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("due_at > started_at", name="due_at"),
        CheckConstraint("handed_in_at >= started_at", name="handed_in_at"),
        *(Index(None, name, "id") for name in (*PLACE, "teacher_id", "activity_id")),
    )  # fmt: skip

    id: UUID = key()
    test_id: UUID = Field(foreign_key="course_test.id", sa_type=Uuid)
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    number: int
    seed: int = Field(sa_type=BigInteger)
    """From which the paper was drawn."""
    points: Decimal = Field(sa_type=AMOUNT)
    """Of all its questions."""
    started_at: datetime = Field(sa_type=MOMENT)
    due_at: datetime | None = Field(default=None, sa_type=MOMENT)
    handed_in_at: datetime | None = Field(default=None, sa_type=MOMENT)
    given: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")}
    )


class CourseTestAnswer(Table, table=True):
    """A question of somebody's paper, and what the answer is worth; null waits for a person to say."""

    __table_args__ = (
        UniqueConstraint("attempt_id", "ordinal"),
        CheckConstraint("ordinal > 0", name="ordinal"),
        CheckConstraint("awarded BETWEEN 0 AND points", name="awarded"),
        Index(None, "version_id"),
        Index(None, "attempt_id", postgresql_where=text("awarded IS NULL")),
    )

    id: UUID = key()
    attempt_id: UUID = Field(foreign_key="course_test_attempt.id", sa_type=Uuid)
    ordinal: int
    version_id: UUID = Field(foreign_key="bank_question_version.id", sa_type=Uuid)
    options: list[dict[str, Any]] = Field(sa_type=JSONB)
    """In the order of this paper."""
    points: Decimal = Field(sa_type=AMOUNT)
    awarded: Decimal | None = Field(default=None, sa_type=AMOUNT)


class CourseTestMark(Table, table=True):
    """What a person gave for an answer, and why; rows are only ever added, the latest counts."""

    __table_args__ = (CheckConstraint("awarded >= 0", name="awarded"), Index(None, "answer_id"))

    id: UUID = key()
    answer_id: UUID = Field(foreign_key="course_test_answer.id", sa_type=Uuid)
    before: Decimal | None = Field(default=None, sa_type=AMOUNT)
    awarded: Decimal = Field(sa_type=AMOUNT)
    comment: str | None = Field(default=None, sa_type=Text)
    marked_at: datetime = Field(sa_type=MOMENT)
    marked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CourseTestRecheck(Table, table=True):
    """That somebody asks to have an answer marked anew, once, and what was said to it."""

    __table_args__ = (
        CheckConstraint("num_nonnulls(reply, decided_at, decided_by) IN (0, 3)", name="decided"),
        Index(None, "asked_at", postgresql_where=text("decided_at IS NULL")),
    )

    id: UUID = key()
    answer_id: UUID = Field(foreign_key="course_test_answer.id", unique=True, sa_type=Uuid)
    reason: str = Field(max_length=1000)
    asked_at: datetime = Field(sa_type=MOMENT)
    asked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    reply: str | None = Field(default=None, max_length=1000)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class CourseTestAttemptView(BaseModel):
    """An attempt as the one sees it who makes it: its result once that is shown."""

    id: UUID = Field(description="标识 / key")
    test_id: UUID = Field(description="测验 / test")
    activity_id: UUID = Field(description="活动（班） / activity in which it counts")
    teacher_id: UUID = Field(description="教师 / teacher")
    number: int = Field(description="第几次，从 1 起 / which attempt, from 1")
    state: AttemptState = Field(description="状态 / state")
    started_at: datetime = Field(description="开始时间 / when it began")
    due_at: datetime | None = Field(description="到时自动交卷的时间 / when it ends by itself")
    handed_in_at: datetime | None = Field(description="交卷时间 / when it was handed in")
    points: Decimal = Field(description="满分 / points of all its questions")
    score: Decimal | None = Field(description="得分，未出分或未公布为空 / points that it has")
    passed: bool | None = Field(description="是否合格，未出分或未公布为空 / whether it passes")


class TakenTestView(CourseTestAttemptView):
    """The same for those who give the test, who know of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class PaperQuestionView(BaseModel):
    """A question of one's paper, with one's answer; its outcome and what is right once they are shown."""

    id: UUID = Field(description="标识 / key")
    attempt_id: UUID = Field(description="作答 / attempt")
    ordinal: int = Field(description="题号，从 1 起 / which question, from 1")
    kind: BankQuestionKind = Field(description="题型 / kind")
    text: str = Field(description="题干 / question")
    options: list[OptionView] = Field(
        description="选项，按本卷顺序 / options in this paper's order"
    )
    points: Decimal = Field(description="分值 / points")
    answer: list[str] | None = Field(
        description="本人的作答，未答为空 / what was said, if anything"
    )
    revision: int | None = Field(description="已保存的是第几次作答 / which answer was saved")
    awarded: Decimal | None = Field(description="得分，未公布为空 / points for it, once shown")
    comment: str | None = Field(description="评语 / what was said in marking, once shown")
    correct: list[str] | None = Field(
        description="参考答案，未公布为空 / what is right, once shown"
    )
    explanation: str | None = Field(description="解析，未公布为空 / why, once shown")
    recheck_id: UUID | None = Field(description="复核申请 / recheck that was asked for, if any")
    recheck_reply: str | None = Field(description="复核答复 / what was said to it")


class AttemptAnswerView(BaseModel):
    """An answer as those see it who mark; whose it is, is not said."""

    id: UUID = Field(description="标识 / key")
    test_id: UUID = Field(description="测验 / test")
    attempt_id: UUID = Field(description="作答 / attempt")
    ordinal: int = Field(description="题号 / which question of the paper")
    question_id: UUID = Field(description="题目 / question of the bank")
    kind: BankQuestionKind = Field(description="题型 / kind")
    text: str = Field(description="题干 / question")
    explanation: str | None = Field(description="评分要点 / what to look for")
    points: Decimal = Field(description="分值 / points")
    answer: list[str] | None = Field(description="作答内容 / what was said")
    awarded: Decimal | None = Field(
        description="得分，待阅卷为空 / points for it; null: to be marked"
    )


class AnswerMarkView(BaseModel):
    """What was given for an answer at a time."""

    id: UUID = Field(description="标识 / key")
    answer_id: UUID = Field(description="作答 / answer")
    before: Decimal | None = Field(description="此前得分，首次阅卷为空 / points before")
    awarded: Decimal = Field(description="得分 / points")
    comment: str | None = Field(description="评语或更正理由 / comment, or why it was corrected")
    marked_at: datetime = Field(description="时间 / when")


class AnswerRecheckView(BaseModel):
    """A recheck as those see it who decide on it."""

    id: UUID = Field(description="标识 / key")
    answer_id: UUID = Field(description="作答 / answer")
    test_id: UUID = Field(description="测验 / test")
    reason: str = Field(description="申请理由 / why")
    asked_at: datetime = Field(description="申请时间 / when it was asked for")
    reply: str | None = Field(description="答复，待处理为空 / what was said to it; null: it waits")
    decided_at: datetime | None = Field(description="处理时间 / when it was decided on")
