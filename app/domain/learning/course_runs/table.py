"""What a run is: its words, its fields, its table and that of its classes, what is shown."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, Placed, Table, Versioned, key, place_constraints, text_enum
from app.domain.training.school_calendars import Semester


class RunState(StrEnum):
    """Where a run stands (状态)."""

    OPEN = "open"
    """开课中"""
    CONCLUDED = "concluded"
    """已结课"""
    CANCELLED = "cancelled"
    """已取消"""


class RunRating(StrEnum):
    """How a run is judged (绩效评估等级)."""

    EXCELLENT = "excellent"
    """优秀"""
    GOOD = "good"
    """良好"""
    SUFFICIENT = "sufficient"
    """合格"""
    INSUFFICIENT = "insufficient"
    """不合格"""


class CourseRunFields(BaseModel):
    """When a course is given."""

    name: str = Field(min_length=1, max_length=100, description="开课名称 / name: 2026年秋季班")
    school_year: int = Field(
        ge=2000, le=2100, description="学年起始年 / year in which the school year begins"
    )
    semester: Semester | None = Field(
        default=None, description="学期，全学年为空 / term; null for the whole year",
        sa_type=text_enum(Semester),
    )  # fmt: skip
    starts_on: date = Field(description="开课日期 / first day")
    ends_on: date = Field(description="结课日期（含） / last day")
    cohort_id: UUID | None = Field(
        default=None,
        description="所属培训项目期次 / cohort of the training project that it is given for, if any",
        foreign_key="cohort.id",
        sa_type=Uuid,
    )


class CourseRun(CourseRunFields, Placed, Versioned, Table, table=True):
    """A run of one approved version of a course, placed by whoever organises it."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(
            ["course_id", "version"], ["course_version.course_id", "course_version.number"]
        ),
        ForeignKeyConstraint(
            ["group_id", "unit_id"], ["research_group.id", "research_group.unit_id"]
        ),
        ForeignKeyConstraint(["network_id", "unit_id"], ["network.id", "network.unit_id"]),
        ForeignKeyConstraint(
            ["department_id", "unit_id"], ["department.id", "department.unit_id"]
        ),
        CheckConstraint(
            "num_nonnulls(group_id, network_id, department_id) <= 1", name="organised_once"
        ),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("(ended_at IS NULL) = (state = 'open')", name="ended_at"),
        CheckConstraint("(ended_at IS NULL) = (summary IS NULL)", name="summary"),
        CheckConstraint(
            "num_nonnulls(rating, opinion, rated_at, rated_by) IN (0, 4)", name="rated"
        ),
        CheckConstraint("rating IS NULL OR state = 'concluded'", name="rated_when_concluded"),
        *(
            Index(None, name, "starts_on", "id")
            for name in (*PLACE, "unit_id", "course_id")
        ),
        *(
            Index(None, name, "starts_on", "id", postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("group_id", "network_id", "department_id", "cohort_id")
        ),
        Index(None, "ended_at", postgresql_where=text("state = 'concluded' AND rating IS NULL")),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    course_id: UUID = Field(foreign_key="course.id", sa_type=Uuid)
    version: int
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, sa_type=Uuid)
    network_id: UUID | None = Field(default=None, sa_type=Uuid)
    department_id: UUID | None = Field(default=None, sa_type=Uuid)
    state: RunState = Field(sa_type=text_enum(RunState))
    created_at: datetime = Field(sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    ended_for: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """For whom a delegate ended it: neither of the two judges it."""
    summary: str | None = Field(default=None, max_length=5000)
    rating: RunRating | None = Field(default=None, sa_type=text_enum(RunRating))
    opinion: str | None = Field(default=None, max_length=2000)
    rated_at: datetime | None = Field(default=None, sa_type=MOMENT)
    rated_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class CourseClass(Versioned, Table, table=True):
    """A class (班) of a run: an activity. What is held, enrolled and attended is the activity's."""

    __table_args__ = (
        UniqueConstraint("run_id", "name"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    run_id: UUID = Field(foreign_key="course_run.id", sa_type=Uuid)
    activity_id: UUID = Field(foreign_key="activity.id", unique=True, sa_type=Uuid)
    name: str = Field(max_length=60)
    settled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    """When it was last settled who completed it; null before, and where nothing is asked for."""
    settled_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class CourseRunView(CourseRunFields):
    """A run as both faces show it."""

    id: UUID = Field(description="标识 / key")
    course_id: UUID = Field(description="课程 / course")
    title: str = Field(description="课程名称 / title of the course")
    version: int = Field(description="所开版本号 / number of the version that is given")
    unit_id: UUID = Field(description="开课单位 / unit that gives it, or within which one does")
    group_id: UUID | None = Field(description="开课教研组 / group, if one gives it")
    network_id: UUID | None = Field(description="开课片区、联盟 / network, if one gives it")
    department_id: UUID | None = Field(description="开课部门 / department, if one gives it")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's run")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    state: RunState = Field(description="状态 / state")
    ended_at: datetime | None = Field(
        description="结课或取消时间 / when it was concluded, or cancelled"
    )
    summary: str | None = Field(
        description="结课总结或取消原因 / what came of it, or why cancelled"
    )
    rating: RunRating | None = Field(description="绩效评估等级 / how it was judged")
    opinion: str | None = Field(description="绩效评估意见 / opinion of who judged it")
    rated_at: datetime | None = Field(description="评估时间 / when it was judged")
