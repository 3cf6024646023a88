"""An inspection of a group: its rubric, its table, its door, and what may be asked of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    Uuid,
    select,
    text,
)
from sqlmodel import Field, col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.training.groups import groups_with
from app.sql import Connection, Row


class InspectionMark(StrEnum):
    """How an aspect is found (等次). No source names the marks: these four are assumed."""

    EXCELLENT = "excellent"
    """优秀"""
    GOOD = "good"
    """良好"""
    QUALIFIED = "qualified"
    """合格"""
    UNQUALIFIED = "unqualified"
    """不合格"""


ASPECTS = ("plans", "records", "notes", "attendance", "effect")
"""What is looked at. 「研修有計劃、有時間、有主講、有記載」 names plans and records; notes and attendance are
what the schools' systems ask of every teacher, and effect is what 「过程评价和绩效评价」 weighs."""


def _aspect(name: str, description: str) -> Any:
    return Field(
        default=None,
        description=description,
        sa_type=text_enum(InspectionMark, suffix=f"_{name}"),
    )


class InspectionFields(BaseModel):
    """What was looked at on which day, how it was found, what is suggested."""

    inspected_on: date = Field(description="检查日期 / day")
    inspectors: str = Field(
        min_length=1, max_length=200, description="检查人员 / who came, in words"
    )
    plans: InspectionMark | None = _aspect(
        "plans",
        "计划：有目标、有安排、按期落实 / plans: aims, arrangement, carried out; null if not seen",
    )
    records: InspectionMark | None = _aspect(
        "records", "活动记载：时间、主讲、过程齐全 / records: time, speaker and course are all told"
    )
    notes: InspectionMark | None = _aspect(
        "notes",
        "研修笔记与反思：按要求完成、内容充实 / notes and reflections: complete, with substance",
    )
    attendance: InspectionMark | None = _aspect(
        "attendance", "出勤：签到真实、请假有据 / attendance: honest, leave approved"
    )
    effect: InspectionMark | None = _aspect(
        "effect", "实效：问题得到解决、课堂有改进 / effect: problems solved, lessons improved"
    )
    findings: str = Field(min_length=1, max_length=5000, description="发现 / what was found")
    suggestions: str | None = Field(
        default=None, min_length=1, max_length=2000, description="指导意见 / what is suggested"
    )
    due_on: date | None = Field(
        default=None, description="答复期限 / by when an answer is asked for"
    )


class GroupInspection(InspectionFields, Placed, Table, table=True):
    """An inspection, placed by the group's unit; what was found is written once."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(
            ["group_id", "unit_id"], ["research_group.id", "research_group.unit_id"]
        ),
        CheckConstraint(
            f"num_nonnulls({', '.join(ASPECTS)}) > 0", name="looks_at_something"
        ),
        CheckConstraint("due_on IS NULL OR suggestions IS NOT NULL", name="due"),
        CheckConstraint("due_on >= inspected_on", name="due_afterwards"),
        CheckConstraint("num_nonnulls(answer, answered_at, answered_by) IN (0, 3)", name="answer"),
        CheckConstraint("num_nonnulls(closed_at, closed_by) IN (0, 2)", name="closing"),
        CheckConstraint("conclusion IS NULL OR closed_at IS NOT NULL", name="conclusion"),
        *(
            Index(None, name, "inspected_on", "id")
            for name in ("group_id", "school_id", "county_id", "city_id")
        ),
        Index(None, "by_unit_id", "id", postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    id: UUID = key()
    group_id: UUID = Field(sa_type=Uuid)
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    by_unit_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)
    recorded_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    answer: str | None = Field(default=None, max_length=5000)
    answered_at: datetime | None = Field(default=None, sa_type=MOMENT)
    answered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    conclusion: str | None = Field(default=None, max_length=2000)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class InspectionView(InspectionFields):
    """An inspection as both faces show it."""

    id: UUID = Field(description="标识 / key")
    group_id: UUID = Field(description="被检查的教研组 / group that was inspected")
    unit_id: UUID = Field(description="教研组所属单位 / unit of the group")
    by_unit_id: UUID = Field(description="检查单位 / school or bureau on whose behalf")
    recorder: str = Field(description="登记人 / who recorded it")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")
    answer: str | None = Field(description="教研组的答复 / what the group answered")
    answered_at: datetime | None = Field(description="答复时间 / when it last answered")
    conclusion: str | None = Field(description="办结意见 / what it was closed with, if anything")
    closed_at: datetime | None = Field(description="办结时间 / when it was closed, null until then")


_FIRST = date(1950, 1, 1)
"""Before this day nothing was inspected that there is today."""


class NewInspection(InspectionFields, Command):
    """An inspection to be recorded."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if all(getattr(self, aspect) is None for aspect in ASPECTS):
            raise Unfit("至少评定一个方面。", "At least one aspect is marked.")
        if self.inspected_on < _FIRST:
            raise Unfit("检查日期不早于 1950 年。", "It took place in 1950 or later.")
        if self.due_on is not None and self.suggestions is None:
            raise Unfit("有答复期限时须有指导意见。", "What is due by a day is suggested.")
        if self.due_on is not None and self.due_on < self.inspected_on:
            raise Unfit("答复期限不能早于检查日期。", "It is asked for after the inspection.")
        return self


class InspectionAnswer(Command):
    """What the group answers."""

    answer: str = Field(min_length=1, max_length=5000, description="答复 / answer")


class InspectionConclusion(Command):
    """With what an inspection is closed."""

    conclusion: str | None = Field(
        default=None,
        min_length=1,
        max_length=2000,
        description="办结意见，可无 / conclusion, if any",
    )


# What can be refused.


class InspectionNotFound(NotFound):
    """There is no such inspection for the one who asks."""

    code = "group_inspection_not_found"
    zh = "未找到该教研组检查记录。"
    en = "There is no such inspection of a group."


# What may be asked.


def _is_of_own(teacher_ids: Any) -> ColumnElement[bool]:
    return col(GroupInspection.group_id).in_(groups_with(teacher_ids))


_recorder = (
    select(col(Account.display_name))
    .where(col(Account.id) == col(GroupInspection.recorded_by))
    .scalar_subquery()
)

INSPECTIONS = Door(
    table=GroupInspection,
    view=InspectionView,
    read=Permission.GROUP_READ,
    missing=InspectionNotFound,
    places={"group_id": col(GroupInspection.group_id), "teacher_id": _is_of_own},
    computed={"recorder": _recorder},
    filters={
        "group_id": col(GroupInspection.group_id),
        "unit_id": col(GroupInspection.unit_id),
        "by_unit_id": col(GroupInspection.by_unit_id),
        "answered": lambda wanted: col(GroupInspection.answered_at).is_not(None) == wanted,
        "closed": lambda wanted: col(GroupInspection.closed_at).is_not(None) == wanted,
    },
    sorts={"inspected_on": (col(GroupInspection.inspected_on),), "created": ()},
)
"""Whoever sees a group sees how it was found: those above it, its leaders, its members."""


async def get_group_inspection(db: Connection, actor: Actor, *, inspection_id: UUID) -> Row:
    """One inspection of a group that the actor may see."""
    return await INSPECTIONS.get(db, actor, inspection_id)


async def list_group_inspections(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    group_id: UUID | None = None,
    unit_id: UUID | None = None,
    by_unit_id: UUID | None = None,
    answered: bool | None = None,
    closed: bool | None = None,
) -> Page:
    """The inspections that the actor may see, by day unless sorted otherwise."""
    filters = {
        "group_id": group_id, "unit_id": unit_id, "by_unit_id": by_unit_id,
        "answered": answered, "closed": closed,
    }  # fmt: skip
    return await INSPECTIONS.page(db, actor, page, filters=filters)
