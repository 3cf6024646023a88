"""What a question of the bank is: its words, fields, tables, and what is shown to those who write tests."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.activities import ActivityContent
from app.domain.training.surveys import OptionView

MOST_SPELLINGS = 30
"""How many options a question has at most, or accepted spellings."""


class BankQuestionKind(StrEnum):
    """How a question is answered, and so how it is marked (题型)."""

    SINGLE_CHOICE = "single_choice"
    """单选题"""
    MULTIPLE_CHOICE = "multiple_choice"
    """多选题，全对得分"""
    TRUE_FALSE = "true_false"
    """判断题"""
    NUMBER = "number"
    """数值题，允许误差"""
    SHORT_TEXT = "short_text"
    """填空题，按认可的写法判分"""
    FREE_TEXT = "free_text"
    """问答题，人工阅卷"""


class Difficulty(StrEnum):
    """How hard a question is meant to be (难度)."""

    EASY = "easy"
    """易"""
    MEDIUM = "medium"
    """中"""
    HARD = "hard"
    """难"""


class BankQuestionFields(BaseModel):
    """What a question asks, and what it is about."""

    kind: BankQuestionKind = Field(description="题型 / kind", sa_type=text_enum(BankQuestionKind))
    text: str = Field(min_length=1, max_length=2000, description="题干 / question", sa_type=Text)
    points: Decimal = Field(
        gt=0, le=100, max_digits=8, decimal_places=2, description="分值 / points", sa_type=AMOUNT
    )
    difficulty: Difficulty = Field(
        default=Difficulty.MEDIUM, description="难度 / difficulty", sa_type=text_enum(Difficulty)
    )
    subject: Subject | None = Field(
        default=None, description="学科，通用为空 / subject; null for all",
        sa_type=text_enum(Subject),
    )  # fmt: skip
    stage: Stage | None = Field(
        default=None, description="学段，通用为空 / stage; null for all", sa_type=text_enum(Stage)
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="研修内容 / what it is about",
        sa_type=JSONB,
    )
    correct: list[str] = Field(
        default_factory=list,
        max_length=MOST_SPELLINGS,
        description="答案：选项代码；判断题 true 或 false；数值；填空题认可的各种写法；问答题无"
        " / what is right: codes of options; true or false; a number; the accepted spellings; none for"
        " what a person marks",
        sa_type=JSONB,
    )
    tolerance: Decimal | None = Field(
        default=None, ge=0, max_digits=12, decimal_places=4,
        description="允许误差：数值题 / how far off a number may be", sa_type=Numeric(12, 4),
    )  # fmt: skip
    explanation: str | None = Field(
        default=None, min_length=1, max_length=5000,
        description="解析或评分要点 / why it is so, or what to look for in marking", sa_type=Text,
    )  # fmt: skip


class WrittenBankQuestion(BankQuestionFields):
    """A question with its options: what a version keeps."""

    options: list[OptionView] = Field(description="选项：单选、多选 / options, in their order")


class BankQuestion(BankQuestionFields, Placed, Table, table=True):
    """A question of the bank (题库), placed by its owner: a unit, or within one a group or a department.

    It says what its latest version says. `digest` is the same for two that ask the same.
    """

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(
            ["group_id", "unit_id"], ["research_group.id", "research_group.unit_id"]
        ),
        ForeignKeyConstraint(
            ["department_id", "unit_id"], ["department.id", "department.unit_id"]
        ),
        CheckConstraint("num_nonnulls(group_id, department_id) <= 1", name="owned_once"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(jsonb_array_length(correct) = 0) = (kind = 'free_text')", name="correct"),
        CheckConstraint("(tolerance IS NOT NULL) = (kind = 'number')", name="tolerance"),
        CheckConstraint("(retired_at IS NULL) = (retired_because IS NULL)", name="retired"),
        *(Index(None, name, "id") for name in (*PLACE, "group_id", "department_id", "course_id")),
        Index(None, "owner_id", "digest"),
    )  # fmt: skip

    id: UUID = key()
    options: list[dict[str, Any]] = Field(sa_type=JSONB)
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, sa_type=Uuid)
    department_id: UUID | None = Field(default=None, sa_type=Uuid)
    owner_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(
            Computed("coalesce(group_id, department_id, school_id, county_id)", persisted=True),
        ),
    )
    course_id: UUID | None = Field(default=None, foreign_key="course.id", sa_type=Uuid)
    digest: str = Field(max_length=32)
    version: int
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    retired_at: datetime | None = Field(default=None, sa_type=MOMENT)
    retired_because: str | None = Field(default=None, max_length=500)


class BankQuestionVersion(Table, table=True):
    """What a question said from a moment on; rows are only ever added, and attempts refer to them."""

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: UUID = key()
    question_id: UUID = Field(foreign_key="bank_question.id", sa_type=Uuid)
    number: int
    document: dict[str, Any] = Field(sa_type=JSONB)
    written_at: datetime = Field(sa_type=MOMENT)
    written_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class BankQuestionView(WrittenBankQuestion):
    """A question with what is right, as those see it who write tests there."""

    id: UUID = Field(description="标识 / key")
    owner_id: UUID = Field(
        description="所属单位、教研组或部门 / unit, group or department it is of"
    )
    unit_id: UUID = Field(description="所属单位 / unit that it is of, or within which its owner is")
    course_id: UUID | None = Field(description="所属课程 / course that it was written for, if any")
    version: int = Field(description="版本号 / number of the version")
    created_at: datetime = Field(description="入库时间 / when it was added")
    retired_at: datetime | None = Field(description="停用时间 / when it was retired")
    retired_because: str | None = Field(description="停用原因 / why it was retired")


class BankQuestionVersionView(BaseModel):
    """One version of a question."""

    id: UUID = Field(description="标识 / key")
    question_id: UUID = Field(description="题目 / question")
    number: int = Field(description="版本号，从 1 起 / number, from 1")
    document: WrittenBankQuestion = Field(description="该版本的题目内容 / what it said")
    written_at: datetime = Field(description="写入时间 / when it was written")
