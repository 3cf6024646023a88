"""What a plan is: the fields, the table, its items, what is shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.people.teachers import follows_teacher
from app.domain.training.activities import ActivityKind
from app.domain.training.plans.vocabulary import PlanKind, PlanState


class PlanFields(BaseModel):
    """What a plan says of itself."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    starts_on: date = Field(description="起始日期 / first day of what is planned")
    ends_on: date = Field(description="终止日期（含） / last day of what is planned")
    aims: str | None = Field(
        default=None, min_length=1, max_length=5000, description="目标 / aims", sa_type=Text
    )
    school_goals: str | None = Field(
        default=None,
        min_length=1,
        max_length=2000,
        description="所服务的学校发展目标 / which of the school's goals it serves",
    )
    text: str | None = Field(
        default=None,
        min_length=1,
        max_length=50_000,
        description="正文 / the whole text, as of a scheme",
        sa_type=Text,
    )


class Plan(PlanFields, Placed, Table, table=True):
    """A plan, placed by its owner: a unit, or within one a group, a department or a teacher.

    What waits for a reviewer is `state = 'submitted'`, since `since`, or an amendment of an agreed plan,
    since `amendment_since`; until that is agreed the plan says what it said.
    """

    __table_args__ = (
        *place_constraints(),
        follows_teacher(),
        ForeignKeyConstraint(
            ["group_id", "unit_id"], ["research_group.id", "research_group.unit_id"]
        ),
        ForeignKeyConstraint(
            ["department_id", "unit_id"], ["department.id", "department.unit_id"]
        ),
        CheckConstraint("num_nonnulls(group_id, department_id, teacher_id) <= 1", name="owned_once"),
        CheckConstraint("(kind = 'individual') = (teacher_id IS NOT NULL)", name="individual"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("derived_from_id <> id", name="not_derived_from_itself"),
        CheckConstraint("(published_at IS NOT NULL) = (state = 'published')", name="published_at"),
        CheckConstraint("(summary IS NULL) = (summarised_at IS NULL)", name="summary"),
        CheckConstraint("version > 0 OR state = 'draft'", name="version"),
        CheckConstraint(
            "(in_force IS NOT NULL) = (state IN ('approved', 'published'))", name="in_force"
        ),
        CheckConstraint("in_force <= version", name="in_force_was_submitted"),
        CheckConstraint(
            "amendment_since IS NULL OR in_force < version", name="amends_what_is_in_force"
        ),
        *(
            Index(None, name, "starts_on", "id")
            for name in ("school_id", "county_id", "city_id", "unit_id")
        ),
        *(
            Index(None, name, "starts_on", "id", postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("group_id", "department_id", "teacher_id", "derived_from_id")
        ),
        Index(
            None, "addressed_id", "starts_on", "id",
            postgresql_where=text("published_at IS NOT NULL"),
        ),
        Index(None, "county_id", "since", postgresql_where=text("state = 'submitted'")),
        Index(
            None, "county_id", "amendment_since",
            postgresql_where=text("amendment_since IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    kind: PlanKind = Field(sa_type=text_enum(PlanKind))
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    group_id: UUID | None = Field(default=None, sa_type=Uuid)
    department_id: UUID | None = Field(default=None, sa_type=Uuid)
    teacher_id: UUID | None = Field(default=None, sa_type=Uuid)
    addressed_id: UUID | None = Field(
        default=None,
        sa_type=Uuid,
        sa_column_args=(
            Computed(
                "CASE WHEN teacher_id IS NULL THEN coalesce(group_id, school_id, county_id) END",
                persisted=True,
            ),
        ),
    )
    """For whom it is once it is published: the group, or the unit with all below it."""
    derived_from_id: UUID | None = Field(default=None, foreign_key="plan.id", sa_type=Uuid)
    state: PlanState = Field(sa_type=text_enum(PlanState))
    since: datetime = Field(sa_type=MOMENT)
    version: int
    """The number of the version that was submitted last; 0 before the first."""
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    """By whom, or on whose behalf where it was a delegate; the version says who did it."""
    in_force: int | None = None
    """The number of the version that was agreed last: what the plan and its items say."""
    amendment_since: datetime | None = Field(default=None, sa_type=MOMENT)
    """Since when an amendment, the version submitted last, waits; null for none."""
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    summary: str | None = Field(default=None, max_length=20_000, sa_type=Text)
    summarised_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class PlanView(PlanFields):
    """A plan as both faces show it."""

    id: UUID = Field(description="标识 / key")
    kind: PlanKind = Field(description="类型 / kind")
    unit_id: UUID = Field(description="单位 / unit that it is of, or within which its owner is")
    group_id: UUID | None = Field(description="教研组 / group that it is of, if of one")
    department_id: UUID | None = Field(description="部门 / department that it is of, if of one")
    teacher_id: UUID | None = Field(description="教师 / teacher that it is of, if individual")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's plan")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    derived_from_id: UUID | None = Field(
        description="所依据的上级方案或计划 / scheme or plan above from which it is derived"
    )
    state: PlanState = Field(description="状态 / state")
    since: datetime = Field(description="进入该状态的时间 / since when it is in that state")
    version: int = Field(description="最近报送的版本号，未报送为 0 / number of the last version")
    in_force: int | None = Field(description="生效的版本号 / number of the version in force")
    amendment_since: datetime | None = Field(
        description="修订待审定的起始时间，无则为空 / since when an amendment waits, null for none"
    )
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    summary: str | None = Field(description="总结 / what came of it, in words")
    summarised_at: datetime | None = Field(description="总结时间 / when that was written")


MOST_ITEMS = 500
"""How many items a plan has at most: they are kept, compared and reviewed together."""


class PlanItemFields(BaseModel):
    """One thing to be done by a plan: what, when, by whom, for whom and how."""

    content: str = Field(min_length=1, max_length=500, description="研修内容、任务 / content")
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期（含） / last day")
    trainers: str | None = Field(
        default=None, min_length=1, max_length=500, description="培训教师 / trainers"
    )
    trainer_ids: list[UUID] = Field(
        default=[],
        max_length=50,
        description="培训教师标识，系统内教师填写 / keys of the trainers who are teachers here",
        sa_type=ARRAY(Uuid),
    )
    trainees: str | None = Field(
        default=None, min_length=1, max_length=500, description="参训人员 / trainees"
    )
    form: ActivityKind | None = Field(
        default=None, description="活动形式 / form", sa_type=text_enum(ActivityKind)
    )
    hours: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2, description="学时 / hours",
        sa_type=AMOUNT,
    )  # fmt: skip
    credits: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2,
        description="预计学分 / credits expected", sa_type=AMOUNT,
    )  # fmt: skip
    person_in_charge: str | None = Field(
        default=None, min_length=1, max_length=60, description="负责人 / who is in charge"
    )
    progress: str | None = Field(
        default=None, min_length=1, max_length=2000, description="培训进度 / how it proceeds"
    )


class PlanItem(PlanItemFields, Table, table=True):
    """An item of a plan; they stand in the order of their days."""

    __table_args__ = (
        UniqueConstraint("plan_id", "starts_on", "id"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("credits > 0", name="credits"),
    )

    id: UUID = key()
    plan_id: UUID = Field(foreign_key="plan.id", sa_type=Uuid)


class PlanActivity(Table, table=True):
    """That an activity carries out an item of a plan; it carries out no other."""

    __table_args__ = (Index(None, "item_id"),)

    activity_id: UUID = Field(primary_key=True, foreign_key="activity.id", sa_type=Uuid)
    item_id: UUID = Field(foreign_key="plan_item.id", sa_type=Uuid)


def owner_of(plan: Any) -> UUID:
    """The owner's key: the teacher, the group, the department, or else the unit."""
    owner: UUID = plan["teacher_id"] or plan["group_id"] or plan["department_id"] or plan["unit_id"]
    return owner
