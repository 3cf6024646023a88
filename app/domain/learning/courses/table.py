"""What a course is: the fields, the table, for whom it is, what is shown."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, field_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.domain.access.doors import PLACE
from app.domain.base import (
    AMOUNT,
    MOMENT,
    Placed,
    Table,
    Versioned,
    key,
    place_constraints,
    text_enum,
)
from app.domain.learning.courses.conditions import CompletionCondition
from app.domain.learning.courses.vocabulary import CourseLevel, CourseOrigin, CourseState
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
)

CENT = Decimal("0.01")
"""The places with which hours are kept."""
MOST_UNITS = 100
"""How many units a syllabus has at most: they are kept, compared and reviewed together."""


class SyllabusUnit(BaseModel):
    """One unit of a syllabus (教学单元); its place in the list is its order."""

    title: str = Field(min_length=1, max_length=200, description="单元名称 / title")
    hours: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2, description="学时 / hours of this unit"
    )
    content: str | None = Field(
        default=None, min_length=1, max_length=2000, description="内容 / what it is about"
    )

    @field_validator("hours")
    @classmethod
    def _of_two_places(cls, hours: Decimal) -> Decimal:
        """Hours as the database keeps them, so that versions compare."""
        return hours.quantize(CENT)


class CourseFields(BaseModel):
    """What a course says of itself: what is declared, reviewed, kept as a version, and revised."""

    title: str = Field(min_length=1, max_length=200, description="课程名称 / title")
    summary: str | None = Field(
        default=None, min_length=1, max_length=5000, description="课程简介与目标 / what it is for",
        sa_type=Text,
    )  # fmt: skip
    origin: CourseOrigin = Field(
        description="来源方式 / how it was obtained", sa_type=text_enum(CourseOrigin)
    )
    source: str | None = Field(
        default=None, min_length=1, max_length=200,
        description="来源单位或合作单位，自主开发可空 / from whom, or with whom; none where it is own",
    )  # fmt: skip
    is_practical: bool = Field(
        default=False,
        description="是否以需求为导向的实践性课程，须引用调研或教学问题 / whether it is a practical course"
        " that answers needs, and so cites a survey or a problem",
    )
    kind: ActivityKind = Field(description="活动形式 / kind", sa_type=text_enum(ActivityKind))
    mode: ActivityMode = Field(description="研修方式 / mode", sa_type=text_enum(ActivityMode))
    channel: ActivityChannel = Field(
        description="培训渠道 / channel", sa_type=text_enum(ActivityChannel)
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="研修内容 / what it is about",
        sa_type=ARRAY(Text),
    )
    strata: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="面向的教师类别，不填为全部 / strata that it is for; none: all",
        sa_type=ARRAY(Text),
    )
    hours: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2,
        description="总学时，等于各单元学时之和 / hours in all, the sum of its units'", sa_type=AMOUNT,
    )  # fmt: skip
    responsible_id: UUID | None = Field(
        default=None,
        description="课程负责人，系统内教师 / teacher who answers for it, if one of the register",
        foreign_key="teacher.id",
        sa_type=Uuid,
    )
    responsible: str | None = Field(
        default=None, min_length=1, max_length=60,
        description="课程负责人姓名 / who answers for it, by name",
    )  # fmt: skip


class DeclaredCourse(CourseFields):
    """A course with its syllabus and what completes it: what a version keeps."""

    syllabus: list[SyllabusUnit] = Field(description="课程大纲 / units, in their order")
    completion: list[CompletionCondition] = Field(
        default_factory=list,
        description="结业条件，须全部达到，不填则不核定结业 / conditions that all must be met; none: nobody is"
        " said to have completed it",
    )


class Course(CourseFields, Placed, Versioned, Table, table=True):
    """A course, placed by its owner: a unit, or within one a group or a department.

    What waits for a reviewer is `state = 'submitted'`, since `since`, or a revision of an agreed course,
    since `revision_since`; until that is agreed to, the course says what it said.
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
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("jsonb_typeof(syllabus) = 'array'", name="syllabus"),
        CheckConstraint("jsonb_typeof(completion) = 'array'", name="completion"),
        CheckConstraint("version > 0 OR state = 'draft'", name="version"),
        CheckConstraint(
            "(in_force IS NOT NULL) = (state IN ('approved', 'published', 'retired'))",
            name="in_force",
        ),
        CheckConstraint("in_force <= version", name="in_force_was_submitted"),
        CheckConstraint(
            "revision_since IS NULL OR in_force < version AND state <> 'retired'",
            name="revises_what_is_in_force",
        ),
        CheckConstraint(
            "published_at IS NOT NULL OR state <> 'published'", name="published_at"
        ),
        CheckConstraint(
            "published_at IS NULL OR state IN ('published', 'retired')", name="was_published"
        ),
        CheckConstraint("(retired_at IS NOT NULL) = (state = 'retired')", name="retired_at"),
        *(Index(None, name, "title", "id") for name in (*PLACE, "unit_id")),
        *(
            Index(None, name, "title", "id", postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("group_id", "department_id", "responsible_id")
        ),
        # A page of the catalogue walks this, whatever it is filtered by and whoever asks.
        Index(None, "title", "id", postgresql_where=text("state = 'published'")),
        Index(None, "city_id", "level", "title", "id", postgresql_where=text("state = 'published'")),
        Index(None, "county_id", "since", postgresql_where=text("state = 'submitted'")),
        Index(
            None, "county_id", "revision_since", postgresql_where=text("revision_since IS NOT NULL")
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    syllabus: list[dict[str, Any]] = Field(sa_type=JSONB)
    completion: list[dict[str, Any]] = Field(
        sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, sa_type=Uuid)
    department_id: UUID | None = Field(default=None, sa_type=Uuid)
    level: CourseLevel = Field(
        sa_type=text_enum(CourseLevel),
        sa_column_args=(
            Computed(
                "CASE WHEN group_id IS NOT NULL THEN 'group' WHEN school_id IS NOT NULL THEN 'school'"
                " WHEN county_id = city_id THEN 'city' ELSE 'county' END",
                persisted=True,
            ),
        ),
    )
    state: CourseState = Field(sa_type=text_enum(CourseState))
    since: datetime = Field(sa_type=MOMENT)
    version: int
    """The number of the version that was submitted last; 0 before the first."""
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """By whom, or on whose behalf where it was a delegate; the version says who did it."""
    in_force: int | None = None
    """The number of the version that was agreed to last: what the course says, and what is run."""
    revision_since: datetime | None = Field(default=None, sa_type=MOMENT)
    """Since when a revision, the version submitted last, waits; null for none."""
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    retired_at: datetime | None = Field(default=None, sa_type=MOMENT)
    retired_because: str | None = Field(default=None, max_length=500)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class CourseAudience(Table, table=True):
    """One target of a course: a unit, with everyone below it, or a group, with its members."""

    __table_args__ = (Index(None, "target_id", "course_id"),)

    course_id: UUID = Field(primary_key=True, foreign_key="course.id", sa_type=Uuid)
    target_id: UUID = Field(primary_key=True, sa_type=Uuid)


class CourseView(DeclaredCourse):
    """A course as both faces show it."""

    id: UUID = Field(description="标识 / key")
    level: CourseLevel = Field(description="级别 / level")
    unit_id: UUID = Field(description="所属单位 / unit that it is of, or within which its owner is")
    group_id: UUID | None = Field(description="所属教研组 / group that it is of, if of one")
    department_id: UUID | None = Field(description="所属部门 / department that it is of, if of one")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's course")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    audience: list[UUID] = Field(
        description="面向对象：单位、教研组、片区 / units, groups and networks it is for"
    )
    state: CourseState = Field(description="状态 / state")
    since: datetime = Field(description="进入该状态的时间 / since when it is in that state")
    version: int = Field(description="最近申报的版本号，未申报为 0 / number of the last version")
    in_force: int | None = Field(description="生效的版本号 / number of the version in force")
    revision_since: datetime | None = Field(
        description="修订待审核的起始时间，无则为空 / since when a revision waits, null for none"
    )
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    retired_at: datetime | None = Field(description="停用时间 / when it was retired")
    retired_because: str | None = Field(description="停用原因 / why it was retired")


def owner_of(course: Any) -> UUID:
    """The owner's key: the group, the department, or else the unit."""
    owner: UUID = course["group_id"] or course["department_id"] or course["unit_id"]
    return owner
