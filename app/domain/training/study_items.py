"""What is studied (研修项目), with its four haves, and plans against what was done.

An activity that was published should have a plan, time, somebody who speaks and a record
(研修有計劃、有時間、有主講、有記載). Which of them lack which is read here, and how far each plan
was carried out; nobody states either.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, func, not_, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.organisation.units import UNITS
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import (
    Activity,
    ActivityKind,
    ActivityNotFound,
    ActivityState,
)
from app.domain.training.activities.activity import ACTIVITY_PLACES
from app.domain.training.attendance import Attendance
from app.domain.training.plans import (
    PLANS,
    TOOK_PART,
    PlanActivity,
    PlanItem,
    has_plan,
    has_record,
    has_speaker,
    has_time,
)
from app.domain.training.vocabulary import HELD_STATES
from app.sql import Connection, Row, Statement


class Have(StrEnum):
    """One of the four (四有)."""

    PLAN = "plan"
    """有计划"""
    TIME = "time"
    """有时间"""
    SPEAKER = "speaker"
    """有主讲"""
    RECORD = "record"
    """有记载"""


_HAVES = {
    Have.PLAN: has_plan(),
    Have.TIME: has_time(),
    Have.SPEAKER: has_speaker(),
    Have.RECORD: has_record(),
}


class StudyItemView(BaseModel):
    """An activity and which of the four it has."""

    id: UUID = Field(description="活动标识 / key of the activity")
    title: str = Field(description="名称 / title")
    kind: ActivityKind = Field(description="活动形式 / kind")
    state: ActivityState = Field(description="状态 / state")
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")
    organiser_unit_id: UUID = Field(description="组织单位 / unit that organises it")
    organiser_group_id: UUID | None = Field(description="组织教研组 / group that organises it")
    has_plan: bool = Field(description="有计划 / carries out an item of an agreed plan")
    has_time: bool = Field(description="有时间 / has a session")
    has_speaker: bool = Field(description="有主讲 / somebody speaks")
    has_record: bool = Field(description="有记载 / attendance or notes tell of it")


class PlanProgress(BaseModel):
    """A plan against what was done: of how many how many, in hours and in person-times."""

    plan_id: UUID = Field(description="计划 / plan")
    items_planned: int = Field(description="计划项数 / items planned")
    items_arranged: int = Field(description="已安排活动的计划项数 / items with an activity")
    items_held: int = Field(description="已举办的计划项数 / items with an activity that was held")
    hours_planned: Decimal = Field(description="计划学时 / hours planned")
    hours_held: Decimal = Field(description="已举办学时 / hours of the activities that were held")
    activities_held: int = Field(description="已举办的活动数 / activities that were held")
    persons: int = Field(description="参加人数 / persons who took part, each once")
    person_times: int = Field(description="参加人次 / times that somebody took part in a session")


# What may be asked.

_HELD = is_among(col(Activity.state), HELD_STATES)

STUDY_ITEMS = Door(
    table=Activity,
    view=StudyItemView,
    read=Permission.ACTIVITY_READ,
    missing=ActivityNotFound,
    places=ACTIVITY_PLACES,
    computed={f"has_{have}": predicate for have, predicate in _HAVES.items()},
    filters={
        "unit_id": lambda unit_id: or_(
            *(col(getattr(Activity, each)) == unit_id for each in PLACE)
        ),
        "group_id": col(Activity.organiser_group_id),
        "held": lambda held: held == _HELD,
        "since": lambda day: col(Activity.ends_on) >= day,
        "until": lambda day: col(Activity.starts_on) <= day,
        "lacks": lambda which: or_(
            *(not_(predicate) & (which == have.value) for have, predicate in _HAVES.items())
        ),
    },
    sorts={"starts_on": (col(Activity.starts_on),)},
)


async def list_study_items(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    page: PageRequest,
    group_id: UUID | None = None,
    lacks: Have | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities that a unit, or what lies below it, has held, with their four haves."""
    await UNITS.get(db, actor, unit_id, permission=Permission.ACTIVITY_READ)
    filters = {
        "unit_id": unit_id, "group_id": group_id, "lacks": lacks, "since": since,
        "until": until, "held": True,
    }  # fmt: skip
    return await STUDY_ITEMS.page(db, actor, page, filters=filters)


_items = (
    select(col(PlanItem.id), col(PlanItem.hours))
    .where(col(PlanItem.plan_id) == bindparam("plan_id", type_=Uuid))
    .cte("items")
)
_arranged = (
    select(_items.c.id.label("item_id"), col(Activity.id), col(Activity.hours), _HELD.label("held"))
    .join_from(_items, PlanActivity, col(PlanActivity.item_id) == _items.c.id)
    .join(Activity, col(PlanActivity.activity_id) == col(Activity.id))
    .where(col(Activity.state) != ActivityState.CANCELLED)
    .cte("arranged")
)
_there = (
    select(
        func.count(col(Attendance.teacher_id).distinct()).label("persons"),
        func.count().label("person_times"),
    )
    .join_from(Attendance, _arranged, col(Attendance.activity_id) == _arranged.c.id)
    .where(_arranged.c.held, is_among(col(Attendance.status), TOOK_PART))
    .subquery("there")
)
_planned = select(
    func.count().label("items_planned"),
    func.coalesce(func.sum(_items.c.hours), 0).label("hours_planned"),
).subquery("planned")
_done = select(
    func.count(_arranged.c.item_id.distinct()).label("items_arranged"),
    func.count(_arranged.c.item_id.distinct()).filter(_arranged.c.held).label("items_held"),
    func.count().filter(_arranged.c.held).label("activities_held"),
    func.coalesce(func.sum(_arranged.c.hours).filter(_arranged.c.held), 0).label("hours_held"),
).subquery("done")
_PROGRESS = Statement(select(*_planned.c, *_done.c, *_there.c), beyond=Beyond.COUNTED)


async def get_plan_progress(db: Connection, actor: Actor, *, plan_id: UUID) -> Row:
    """One plan in the actor's place against what was done by it, in one statement."""
    actor.require(Permission.PLAN_READ, await PLANS.get(db, actor, plan_id))
    return {"plan_id": plan_id, **(await db.one(_PROGRESS, plan_id=plan_id) or {})}
