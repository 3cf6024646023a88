"""An item of a plan: what it says, what is seen of it, and writing it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ColumnElement, Uuid, bindparam, delete, exists, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.walled import Beyond
from app.domain.base import Command
from app.domain.errors import Conflict, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity, ActivityKind, ActivityState
from app.domain.training.plans import (
    AGREED,
    MOST_ITEMS,
    PLAN_PLACES,
    PLANS,
    Plan,
    PlanActivity,
    PlanItem,
    PlanItemFields,
    PlanItemNotFound,
    check_days,
    check_trainers,
    check_within,
    has_record,
    has_speaker,
    has_time,
    is_for,
    open_plan,
)
from app.domain.training.vocabulary import HELD_STATES
from app.sql import Connection, Row, Statement, new_id


class PlanItemView(PlanItemFields):
    """An item as both faces show it, with its four haves."""

    id: UUID = Field(description="标识 / key")
    plan_id: UUID = Field(description="计划 / plan")
    activities: int = Field(description="已安排的活动数 / activities that carry it out")
    activities_held: int = Field(description="已举办的活动数 / of those, how many were held")
    has_plan: bool = Field(description="有计划：所属计划已审定或发布 / its plan was agreed")
    has_time: bool = Field(description="有时间：活动有场次 / an activity of it has sessions")
    has_speaker: bool = Field(description="有主讲 / somebody speaks at it")
    has_record: bool = Field(
        description="有记载：有笔记或出勤记录 / notes or attendance tell of it"
    )


class NewPlanItem(PlanItemFields, Command):
    """An item to be added to a plan that is being written."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_days(self.starts_on, self.ends_on)
        return self


class PlanItemChanges(Command):
    """What of an item is to be changed; what is left out stays as it is."""

    content: str | None = Field(
        default=None, min_length=1, max_length=500, description="研修内容 / content"
    )
    starts_on: date | None = Field(default=None, description="开始日期 / first day")
    ends_on: date | None = Field(default=None, description="结束日期 / last day")
    trainers: str | None = Field(
        default=None, min_length=1, max_length=500, description="培训教师 / trainers"
    )
    trainer_ids: list[UUID] | None = Field(
        default=None, max_length=50, description="培训教师标识 / keys of the trainers"
    )
    trainees: str | None = Field(
        default=None, min_length=1, max_length=500, description="参训人员 / trainees"
    )
    form: ActivityKind | None = Field(default=None, description="活动形式 / form")
    hours: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2, description="学时 / hours"
    )
    credits: Decimal | None = Field(
        default=None,
        gt=0,
        max_digits=8,
        decimal_places=2,
        description="预计学分 / credits expected",
    )
    person_in_charge: str | None = Field(
        default=None, min_length=1, max_length=60, description="负责人 / who is in charge"
    )
    progress: str | None = Field(
        default=None, min_length=1, max_length=2000, description="培训进度 / how it proceeds"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in self.model_fields_set & {"content", "starts_on", "ends_on", "trainer_ids"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        check_days(self.starts_on, self.ends_on)
        return self


# What can be refused.


class TooManyPlanItems(Conflict):
    """A plan has so many items."""

    code = "plan_item_limit"
    zh = "一个计划最多有 {most} 个计划项。"
    en = "A plan has {most} items at most."


# What may be asked.

_STANDS = col(Activity.state) != ActivityState.CANCELLED


def _some(part: Any) -> ColumnElement[bool]:
    """The predicate 'an activity of this item, one that was not cancelled, has that'."""
    linked = exists(
        select(col(PlanActivity.activity_id))
        .join_from(PlanActivity, Activity, col(PlanActivity.activity_id) == col(Activity.id))
        .where(col(PlanActivity.item_id) == col(PlanItem.id), _STANDS, part)
    )
    return linked.correlate(PlanItem)


def _number(*conditions: Any) -> Any:
    linked = select(func.count()).join_from(
        PlanActivity, Activity, col(PlanActivity.activity_id) == col(Activity.id)
    )
    chosen = linked.where(col(PlanActivity.item_id) == col(PlanItem.id), *conditions)
    return chosen.correlate(PlanItem).scalar_subquery()


PLAN_ITEMS = Door(
    table=PlanItem,
    view=PlanItemView,
    read=Permission.PLAN_READ,
    missing=PlanItemNotFound,
    # Whether somebody spoke, or was there, is said of the item to whom the plan is published.
    beyond=Beyond.COUNTED,
    places=PLAN_PLACES,
    audience=is_for,
    computed={
        "activities": _number(_STANDS),
        "activities_held": _number(is_among(col(Activity.state), HELD_STATES)),
        "has_plan": is_among(col(Plan.state), AGREED),
        "has_time": _some(has_time()),
        "has_speaker": _some(has_speaker()),
        "has_record": _some(has_record()),
    },
    joined=PlanItem.__table__.join(  # type: ignore[attr-defined]
        Plan.__table__,  # type: ignore[attr-defined]
        col(PlanItem.plan_id) == col(Plan.id),
    ),
    filters={"plan_id": col(PlanItem.plan_id)},
    sorts={"starts_on": (col(PlanItem.starts_on),)},
)


async def list_plan_items(
    db: Connection, actor: Actor, *, plan_id: UUID, page: PageRequest
) -> Page:
    """The items of one plan that the actor may see, by first day."""
    plan = await PLANS.get(db, actor, plan_id)
    published = not actor.scope(Permission.PLAN_READ).covers(plan)
    filters = {"plan_id": plan_id}
    return await PLAN_ITEMS.page(db, actor, page, filters=filters, published=published)


async def items_of_plans(
    db: Connection,
    actor: Actor,
    *,
    plan_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The items of each of many plans in the actor's place, by first day."""
    return await PLAN_ITEMS.pages_of(
        db, actor, col(PlanItem.plan_id), plan_ids, page, columns=columns
    )


# What may be done.


_HAS = Statement(
    select(func.count()).where(col(PlanItem.plan_id) == bindparam("plan_id", type_=Uuid))
)


async def add_plan_item(db: Connection, actor: Actor, *, plan_id: UUID, new: NewPlanItem) -> Row:
    """Add an item to a plan that is being written."""
    plan = await open_plan(db, actor, plan_id=plan_id)
    check_within(plan, new.starts_on, new.ends_on)
    if await db.value(_HAS, plan_id=plan_id) >= MOST_ITEMS:
        raise TooManyPlanItems(most=MOST_ITEMS)
    await check_trainers(db, actor, trainer_ids=new.trainer_ids)
    item_id = new_id()
    await db.insert(PlanItem, {"id": item_id, "plan_id": plan_id, **new.model_dump()})
    return await PLAN_ITEMS.get(db, actor, item_id)


async def _open_item(db: Connection, actor: Actor, item_id: UUID) -> tuple[Row, Row]:
    """An item as it is now, and its plan, which is locked and being written."""
    write = Permission.PLAN_WRITE
    item = await PLAN_ITEMS.get(db, actor, item_id, permission=write)
    plan = await open_plan(db, actor, plan_id=item["plan_id"])
    # Whoever held the plan before may have changed the item, or taken it out.
    return await PLAN_ITEMS.get(db, actor, item_id, permission=write), plan


async def update_plan_item(
    db: Connection, actor: Actor, *, item_id: UUID, changes: PlanItemChanges
) -> Row:
    """Change an item of a plan that is being written."""
    item, plan = await _open_item(db, actor, item_id)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    after = item | values
    check_within(plan, after["starts_on"], after["ends_on"])
    await check_trainers(db, actor, trainer_ids=values.get("trainer_ids", ()))
    await db.change(PlanItem, item_id, values)
    return await PLAN_ITEMS.get(db, actor, item_id)


_REMOVE = Statement(delete(PlanItem).where(col(PlanItem.id) == bindparam("item_id", type_=Uuid)))


async def remove_plan_item(db: Connection, actor: Actor, *, item_id: UUID) -> Row:
    """Take an item out of a plan that is being written; what it was. Versions keep it."""
    item, _ = await _open_item(db, actor, item_id)
    if not await db.run(_REMOVE, item_id=item_id):
        raise PlanItemNotFound
    return item
