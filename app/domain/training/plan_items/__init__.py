"""The items (研修项目) of a plan: what is planned, which activities carry it out, what came of it.

Of each the four 'haves' (四有) can be told: a plan, time, somebody who speaks, and a record
(研修有計劃、有時間、有主講、有記載). They are read from what is there, and stated by nobody.

Read `item` (what it is, writing it), then `carrying_out` (its activities).
"""

from app.domain.training.plan_items.carrying_out import (
    ActivityNotPlanned,
    ActivityOutsidePlan,
    ActivityPlanned,
    ItemActivity,
    link_plan_activity,
    unlink_plan_activity,
)
from app.domain.training.plan_items.item import (
    PLAN_ITEMS,
    NewPlanItem,
    PlanItemChanges,
    PlanItemView,
    TooManyPlanItems,
    add_plan_item,
    items_of_plans,
    list_plan_items,
    remove_plan_item,
    update_plan_item,
)

__all__ = [
    "PLAN_ITEMS",
    "ActivityNotPlanned",
    "ActivityOutsidePlan",
    "ActivityPlanned",
    "ItemActivity",
    "NewPlanItem",
    "PlanItemChanges",
    "PlanItemView",
    "TooManyPlanItems",
    "add_plan_item",
    "items_of_plans",
    "link_plan_activity",
    "list_plan_items",
    "remove_plan_item",
    "unlink_plan_activity",
    "update_plan_item",
]
