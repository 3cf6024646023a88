"""What is kept of completion: what was settled of whom, and what the organiser judges."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.base import MOMENT, Placed, Table, Versioned, key
from app.domain.learning.courses import ConditionKind
from app.domain.people.teachers import PersonName, follows_teacher


class ReachedCondition(BaseModel):
    """A condition and how far somebody reached it."""

    kind: ConditionKind = Field(description="条件类别 / what is asked for")
    required: Decimal = Field(
        description="要求：出勤为百分比，作业为份数，其他为 1 / required: per cent, exercises, else 1"
    )
    reached: Decimal | None = Field(
        description="达到：未评定、未阅卷为空 / reached; null where nobody has judged or marked yet"
    )
    is_met: bool = Field(description="是否达到 / whether it is met")


class CourseCompletion(Placed, Versioned, Table, table=True):
    """That somebody completed a class, or did not (结业核定), placed by the teacher.

    What was settled is not changed: a correction supersedes it and says why.
    """

    __table_args__ = (
        follows_teacher(),
        Index(
            "uq_course_completion_current", "activity_id", "teacher_id", unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "teacher_id", "id"),
        CheckConstraint("jsonb_typeof(conditions) = 'array'", name="conditions"),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    completed: bool
    conditions: list[dict[str, Any]] = Field(sa_type=JSONB)
    settled_at: datetime = Field(sa_type=MOMENT)
    settled_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    reason: str | None = Field(default=None, max_length=500)
    """Why it was corrected; null for what followed from the conditions."""
    superseded_at: datetime | None = Field(default=None, sa_type=MOMENT)


class CourseJudgement(Placed, Table, table=True):
    """The organiser's judgement (组织者评定) of one participant, until it is settled the last one."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("activity_id", "teacher_id"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher
    is_sufficient: bool
    opinion: str | None = Field(default=None, max_length=500)
    judged_at: datetime = Field(sa_type=MOMENT)
    judged_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CompletionFields(BaseModel):
    """What was settled of one participant."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    teacher_id: UUID = Field(description="教师 / teacher")
    completed: bool = Field(description="是否结业 / whether the class was completed")
    conditions: list[ReachedCondition] = Field(
        description="核定时各条件的达成情况 / the conditions as they stood when it was settled"
    )
    settled_at: datetime = Field(description="核定时间 / when it was settled")
    reason: str | None = Field(description="更正理由 / why it was corrected, null where it was not")
    superseded_at: datetime | None = Field(
        description="被更正的时间，现行为空 / when a correction took its place; null for what holds"
    )


class CourseCompletionView(CompletionFields):
    """A completion as the teacher sees it, and those in charge of the teacher."""


class SettledCompletionView(CompletionFields):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


class CourseProgress(BaseModel):
    """How far somebody has come in a class, counted from what has happened until now."""

    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")
    conditions: list[ReachedCondition] = Field(
        description="各条件的达成情况 / how far each condition is reached"
    )
    is_met: bool = Field(description="是否全部达到 / whether all are met")
    opinion: str | None = Field(
        description="组织者评定意见，无则为空 / what the organiser said in judging, if anything"
    )
    completed: bool | None = Field(
        description="核定结果，未核定为空 / what was settled; null before"
    )
