"""Assessment requirements (研修考核要求): what a school asks of its teachers in a year or a semester.

对全校教师分层分类分岗制订校本研修培训考核要求. A requirement is a dated fact of the school; which teachers
it is for is said by a stratum: a layer, a category or a post.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, any_, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    AMOUNT,
    TODAY,
    Command,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_on,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, NotFound
from app.domain.organisation.facts import end_fact
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import Stratum
from app.sql import Connection, ExclusionViolationError, Row, new_id


class AssessmentMeasure(StrEnum):
    """What is counted (考核指标); all of it is read from the register, the notes and the ledger."""

    HOURS = "hours"
    """参加研修学时"""
    CREDITS = "credits"
    """取得学分"""
    ACTIVITIES = "activities"
    """参加活动次数"""
    OBSERVATIONS = "observations"
    """听课评课次数"""
    NOTES = "notes"
    """研修笔记篇数"""
    REFLECTIONS = "reflections"
    """反思篇数"""
    TALKS = "talks"
    """主讲场次"""


class AssessmentTerm(StrEnum):
    """For how long something is asked (考核周期)."""

    YEAR = "year"
    """学年"""
    SEMESTER = "semester"
    """学期"""


class RequirementFields(BaseModel):
    """How much of what is asked of whom, in which term."""

    stratum: Stratum | None = Field(
        default=None,
        description="适用的层次、类别或岗位，全体为空 / for whom: layer, category or post; null for all",
        sa_type=text_enum(Stratum),
    )
    measure: AssessmentMeasure = Field(
        description="考核指标 / what is counted", sa_type=text_enum(AssessmentMeasure)
    )
    term: AssessmentTerm = Field(
        description="考核周期 / in which term", sa_type=text_enum(AssessmentTerm)
    )
    amount: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2, description="要求数量 / how much", sa_type=AMOUNT
    )


class AssessmentRequirement(RequirementFields, Placed, Dated, Table, table=True):
    """A requirement of a school; of one thing it asks one amount of a stratum at a time."""

    __table_args__ = (
        *place_constraints(),
        *dated_constraints(),
        CheckConstraint("amount > 0", name="amount"),
        ExcludeConstraint(
            ("school_id", "="), (text("coalesce(stratum, '')"), "="), ("measure", "="),
            ("term", "="), (text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_assessment_requirement_holds_once", where=text("superseded_at IS NULL"),
        ),
        Index(None, "school_id", "valid_from", "id"),
    )  # fmt: skip

    id: UUID = key()
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]


class AssessmentRequirementView(RequirementFields):
    """A requirement as both faces show it."""

    id: UUID = Field(description="标识 / key")
    school_id: UUID = Field(description="学校 / school")
    valid_from: date = Field(description="起始日 / first day on which it is asked")
    valid_to: date | None = Field(description="终止日（不含） / first day on which it no longer is")
    recorded_at: datetime = Field(description="登记时间 / when it was recorded")


class NewRequirement(RequirementFields, Command):
    """A requirement, from today unless said otherwise."""

    valid_from: date | None = Field(default=None, description="起始日，默认今天 / first day")


class RequirementEnd(Command):
    """The day from which it is no longer asked, today unless said otherwise."""

    on: date | None = Field(default=None, description="终止日，默认今天 / first day without it")


# What can be refused.


class RequirementNotFound(NotFound):
    """There is no such requirement for the one who asks."""

    code = "assessment_requirement_not_found"
    zh = "未找到该考核要求。"
    en = "There is no such requirement."


class RequirementExists(Conflict):
    """The school asks another amount of the same at that time: that is ended first."""

    code = "assessment_requirement_exists"
    zh = "同一对象、指标和周期在此时间已有考核要求，请先终止。"
    en = "There is a requirement for the same people, measure and term at that time: end it first."


# What may be asked.


def _is_asked_of(audience: Any) -> Any:
    """Those of the school see it: whoever has a grant in it."""
    return col(AssessmentRequirement.school_id) == any_(audience)


REQUIREMENTS = Door(
    table=AssessmentRequirement,
    view=AssessmentRequirementView,
    read=Permission.ASSESSMENT_READ,
    missing=RequirementNotFound,
    audience=_is_asked_of,
    filters={
        "school_id": col(AssessmentRequirement.school_id),
        "term": col(AssessmentRequirement.term),
        "in_force": lambda wanted: holds_on(AssessmentRequirement, TODAY) == wanted,
        "believed": lambda wanted: col(AssessmentRequirement.superseded_at).is_(None) == wanted,
    },
    sorts={"valid_from": (col(AssessmentRequirement.valid_from),)},
)


async def list_assessment_requirements(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    school_id: UUID | None = None,
    term: AssessmentTerm | None = None,
    in_force: bool | None = None,
) -> Page:
    """What the schools in the actor's place ask, ended requirements too unless said otherwise."""
    filters = {"school_id": school_id, "term": term, "in_force": in_force, "believed": True}
    return await REQUIREMENTS.page(db, actor, page, filters=filters)


async def list_school_requirements(
    db: Connection, actor: Actor, *, page: PageRequest, term: AssessmentTerm | None = None
) -> Page:
    """What the actor's own school asks today."""
    filters = {"term": term, "in_force": True}
    return await REQUIREMENTS.page(db, actor, page, filters=filters, published=True)


# What may be done.


async def set_assessment_requirement(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewRequirement, now: datetime
) -> Row:
    """Ask something of the teachers of a school."""
    write = Permission.ASSESSMENT_WRITE
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=write)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    requirement_id = new_id()
    row = {
        "id": requirement_id,
        **new.model_dump(include=set(RequirementFields.model_fields)),
        **place_of(unit),
        "valid_from": new.valid_from or civil_date(now),
    }
    try:
        await db.insert(AssessmentRequirement, row)
    except ExclusionViolationError:
        raise RequirementExists from None
    return await REQUIREMENTS.get(db, actor, requirement_id)


async def end_assessment_requirement(
    db: Connection, actor: Actor, *, requirement_id: UUID, end: RequirementEnd, now: datetime
) -> Row:
    """No longer ask it, from a day on; that it was asked until then can still be told."""
    write = Permission.ASSESSMENT_WRITE
    held = await REQUIREMENTS.get(db, actor, requirement_id, permission=write, lock=True)
    return await end_fact(db, table=AssessmentRequirement, held=held, on=end.on, now=now)
