"""Carrying a plan out: which activity carries out which item."""

from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.training.activities import ACTIVITIES, Activity
from app.domain.training.plan_items.item import PLAN_ITEMS
from app.domain.training.plans import (
    AGREED,
    PLANS,
    PlanActivity,
    PlanItemNotFound,
    check_plan_state,
)
from app.sql import (
    Connection,
    ForeignKeyViolationError,
    Row,
    Statement,
    UniqueViolationError,
)


class ItemActivity(Command):
    """The activity that carries an item out."""

    activity_id: UUID = Field(description="活动 / activity")


# What can be refused.


class ActivityPlanned(Conflict):
    """An activity carries out one item."""

    code = "activity_planned"
    zh = "该活动已对应一个计划项。"
    en = "The activity carries out an item of a plan already."


class ActivityNotPlanned(NotFound):
    """The activity does not carry out that item."""

    code = "activity_not_planned"
    zh = "该活动不对应此计划项。"
    en = "The activity does not carry out this item of a plan."


class ActivityOutsidePlan(Invalid):
    """A plan is carried out by what its unit, or what lies below that, organises."""

    code = "activity_outside_plan"
    zh = "活动须由计划所属单位或其下属组织。"
    en = "The activity is organised neither by the plan's unit nor below it."


# What may be done.


async def link_plan_activity(
    db: Connection, actor: Actor, *, item_id: UUID, link: ItemActivity
) -> Row:
    """Say that an activity carries out an item of an agreed plan; whoever writes both says so."""
    item, plan = await _agreed(db, actor, item_id)
    write = Permission.ACTIVITY_WRITE
    activity = await ACTIVITIES.get(db, actor, link.activity_id, permission=write)
    if not await db.value(_LIES_WITHIN, unit_id=plan["unit_id"], activity_id=activity["id"]):
        raise ActivityOutsidePlan
    try:
        await db.insert(PlanActivity, {"activity_id": activity["id"], "item_id": item["id"]})
    except UniqueViolationError:
        raise ActivityPlanned from None
    except ForeignKeyViolationError:
        # An amendment that was agreed to meanwhile took the item out.
        raise PlanItemNotFound from None
    return await PLAN_ITEMS.get(db, actor, item_id)


async def _agreed(db: Connection, actor: Actor, item_id: UUID) -> tuple[Row, Row]:
    """An item and its plan, which was agreed."""
    item = await PLAN_ITEMS.get(db, actor, item_id, permission=Permission.PLAN_WRITE)
    plan = await PLANS.get(db, actor, item["plan_id"], permission=Permission.PLAN_WRITE)
    check_plan_state(plan, AGREED)
    return item, plan


_unit_id = bindparam("unit_id", type_=Uuid)
_LIES_WITHIN = Statement(
    select(
        (col(Activity.city_id) == _unit_id)
        | (col(Activity.county_id) == _unit_id)
        | (func.coalesce(col(Activity.school_id), col(Activity.county_id)) == _unit_id)
    ).where(col(Activity.id) == bindparam("activity_id", type_=Uuid))
)
_UNLINK = Statement(
    delete(PlanActivity).where(
        col(PlanActivity.item_id) == bindparam("item_id", type_=Uuid),
        col(PlanActivity.activity_id) == bindparam("activity_id", type_=Uuid),
    )
)


async def unlink_plan_activity(
    db: Connection, actor: Actor, *, item_id: UUID, activity_id: UUID
) -> Row:
    """Say that an activity does not carry out an item after all."""
    await _agreed(db, actor, item_id)
    if not await db.run(_UNLINK, item_id=item_id, activity_id=activity_id):
        raise ActivityNotPlanned
    return await PLAN_ITEMS.get(db, actor, item_id)
