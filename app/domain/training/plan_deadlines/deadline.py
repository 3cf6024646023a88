"""A deadline: what it is, who knows of it, and setting it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import (
    MOMENT,
    Command,
    Placed,
    Table,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.units import Level, hold_unit, place_of
from app.domain.paging import Page, PageRequest
from app.domain.training.plans import PlanKind, check_days
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class OwedBy(StrEnum):
    """Who owes the plan (报送对象)."""

    UNITS = "units"
    """直属单位"""
    GROUPS = "groups"
    """教研组"""
    TEACHERS = "teachers"
    """教师"""


class DeadlineFields(BaseModel):
    """Which plans, of which period, by which day."""

    kind: PlanKind = Field(description="计划类型 / kind of plan", sa_type=text_enum(PlanKind))
    owed_by: OwedBy = Field(description="报送对象 / who owes it", sa_type=text_enum(OwedBy))
    starts_on: date = Field(description="计划期起始日 / first day of the period")
    ends_on: date = Field(description="计划期终止日（含） / last day of the period")
    due_on: date = Field(description="报送截止日（含） / last day on which it is in time")


class PlanDeadline(DeadlineFields, Placed, Table, table=True):
    """A deadline, placed by the superior who set it; a later day may take its place."""

    __table_args__ = (
        *place_constraints(),
        UniqueConstraint("unit_id", "kind", "owed_by", "starts_on"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("(kind = 'individual') = (owed_by = 'teachers')", name="individual"),
        *(Index(None, name, "due_on", "id") for name in ("school_id", "county_id", "city_id")),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    set_at: datetime = Field(sa_type=MOMENT)
    set_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class DeadlineView(DeadlineFields):
    """A deadline as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="设定单位 / superior who set it")
    set_at: datetime = Field(description="设定时间 / when it was set")


class NewDeadline(DeadlineFields, Command):
    """A deadline for those below a unit."""

    unit_id: UUID = Field(description="设定单位 / superior who sets it")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind is PlanKind.INDIVIDUAL) != (self.owed_by is OwedBy.TEACHERS):
            raise Unfit(
                "个人学习计划由教师报送，其他计划不由教师报送。",
                "Teachers owe individual plans, and nobody else does.",
            )
        check_days(self.starts_on, self.ends_on)
        return self


class DeadlineChange(Command):
    """Another day by which the plans are due."""

    due_on: date = Field(description="报送截止日（含） / last day on which it is in time")


# What can be refused.


class DeadlineNotFound(NotFound):
    """There is no such deadline for the one who asks."""

    code = "plan_deadline_not_found"
    zh = "未找到该报送期限。"
    en = "There is no such deadline."


class DeadlineExists(Conflict):
    """There is one for these plans of this period already: change its day."""

    code = "plan_deadline_exists"
    zh = "该类计划在此期间已设定报送期限。"
    en = "There is a deadline for these plans of this period already: change its day."


class DeadlineForNobody(Invalid):
    """A school has no units below it, and a bureau's teachers are its schools'."""

    code = "plan_deadline_for_nobody"
    zh = "学校没有直属单位，教育局不直接向教师收取个人学习计划。"
    en = "A school has no units below it, and a bureau asks no teacher for an individual plan."


# What may be asked.


def _is_below(audience: Any) -> Any:
    return col(PlanDeadline.unit_id) == any_(audience)


PLAN_DEADLINES = Door(
    table=PlanDeadline,
    view=DeadlineView,
    read=Permission.PLAN_READ,
    missing=DeadlineNotFound,
    audience=_is_below,
    filters={
        "unit_id": col(PlanDeadline.unit_id),
        "kind": col(PlanDeadline.kind),
        "since": lambda day: col(PlanDeadline.due_on) >= day,
    },
    sorts={"due_on": (col(PlanDeadline.due_on),)},
)
"""Deadlines are known to all below the unit that sets them."""


async def list_plan_deadlines(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    kind: PlanKind | None = None,
    since: date | None = None,
) -> Page:
    """The deadlines that were set in the actor's place, the first due first."""
    filters = {"unit_id": unit_id, "kind": kind, "since": since}
    return await PLAN_DEADLINES.page(db, actor, page, filters=filters)


async def list_upcoming_plan_deadlines(
    db: Connection, actor: Actor, *, page: PageRequest, since: date | None = None
) -> Page:
    """The deadlines that the actor's units set, and those above them, the first due first."""
    return await PLAN_DEADLINES.page(db, actor, page, filters={"since": since}, published=True)


# What may be done.

_THIS = col(PlanDeadline.id) == bindparam("deadline_id", type_=Uuid)


async def set_plan_deadline(
    db: Connection, actor: Actor, *, new: NewDeadline, now: datetime
) -> Row:
    """Ask those directly below a unit for their plans of a period by a day."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.PLAN_REVIEW)
    is_school = unit["level"] == Level.SCHOOL
    if new.owed_by is (OwedBy.UNITS if is_school else OwedBy.TEACHERS):
        raise DeadlineForNobody
    deadline_id = new_id()
    row = {
        "id": deadline_id,
        **new.model_dump(include=set(DeadlineFields.model_fields)),
        **place_of(unit),
        "set_at": now,
        "set_by": actor.account_id,
    }
    try:
        await db.insert(PlanDeadline, row)
    except UniqueViolationError:
        raise DeadlineExists from None
    return await PLAN_DEADLINES.get(db, actor, deadline_id)


_MOVE = Statement(update(PlanDeadline).where(_THIS).values(due_on=bindparam("day", type_=Date)))


async def move_plan_deadline(
    db: Connection, actor: Actor, *, deadline_id: UUID, change: DeadlineChange
) -> Row:
    """Give those below another day; the audit trail keeps the former."""
    await PLAN_DEADLINES.get(db, actor, deadline_id, permission=Permission.PLAN_REVIEW, lock=True)
    await db.run(_MOVE, deadline_id=deadline_id, day=change.due_on)
    return await PLAN_DEADLINES.get(db, actor, deadline_id)
