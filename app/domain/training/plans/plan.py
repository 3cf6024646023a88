"""The door of plans, and what may be asked of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, select, union_all
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.paging import Page, PageRequest
from app.domain.training.groups import groups_with
from app.domain.training.plans.table import Plan, PlanView
from app.domain.training.plans.vocabulary import EDITABLE, PlanKind, PlanState
from app.sql import Connection, Row

# What can be refused.


class PlanNotFound(NotFound):
    """There is no such plan for the one who asks."""

    code = "plan_not_found"
    zh = "未找到该计划或方案。"
    en = "There is no such plan."


class PlanItemNotFound(NotFound):
    """There is no such item for the one who asks."""

    code = "plan_item_not_found"
    zh = "未找到该计划项。"
    en = "There is no such item of a plan."


class PlanWrongState(Conflict):
    """This is done in other states of a plan than the one that it is in."""

    code = "plan_wrong_state"
    zh = "计划当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The plan is '{state}'; this can be done only while it is: {allowed}."


def check_plan_state(plan: Row, allowed: frozenset[PlanState]) -> None:
    """Refuse what is not done in the plan's state."""
    if plan["state"] not in allowed:
        raise PlanWrongState(state=plan["state"], allowed=", ".join(sorted(allowed)))


# What may be asked.


def is_for(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this plan is published, and for one of these': units, groups, and teachers.

    A teacher is among those for whom the plans of the own groups are.
    """
    given = select(func.unnest(addresses))
    targets = func.array(union_all(given, groups_with(addresses)).scalar_subquery())
    addressed: ColumnElement[bool] = col(Plan.addressed_id) == any_(targets)
    return col(Plan.published_at).is_not(None) & addressed


PLAN_PLACES = {
    "city_id": col(Plan.city_id),
    "county_id": col(Plan.county_id),
    "school_id": col(Plan.school_id),
    "group_id": col(Plan.group_id),
    "department_id": col(Plan.department_id),
    "teacher_id": col(Plan.teacher_id),
}
"""What places a plan, and all that is read through its door."""

PLANS = Door(
    table=Plan,
    view=PlanView,
    read=Permission.PLAN_READ,
    missing=PlanNotFound,
    places=PLAN_PLACES,
    audience=is_for,
    filters={
        "unit_id": col(Plan.unit_id),
        "group_id": col(Plan.group_id),
        "department_id": col(Plan.department_id),
        "teacher_id": col(Plan.teacher_id),
        "derived_from_id": col(Plan.derived_from_id),
        "kind": col(Plan.kind),
        "state": col(Plan.state),
        "since": lambda day: col(Plan.ends_on) >= day,
        "until": lambda day: col(Plan.starts_on) <= day,
    },
    sorts={"starts_on": (col(Plan.starts_on),), "created": ()},
)
"""Plans, seen where their owner lies; once published by the group, or by all below the unit."""


async def get_plan(db: Connection, actor: Actor, *, plan_id: UUID) -> Row:
    """One plan in the actor's place, or published to the actor."""
    return await PLANS.get(db, actor, plan_id)


async def list_plans(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    department_id: UUID | None = None,
    teacher_id: UUID | None = None,
    derived_from_id: UUID | None = None,
    kind: PlanKind | None = None,
    state: PlanState | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The plans in the actor's place, by first day unless sorted otherwise.

    `since` and `until` keep those with a day in that period, both included.
    """
    filters = {
        "unit_id": unit_id, "group_id": group_id, "department_id": department_id,
        "teacher_id": teacher_id, "derived_from_id": derived_from_id, "kind": kind,
        "state": state, "since": since, "until": until,
    }  # fmt: skip
    return await PLANS.page(db, actor, page, filters=filters)


async def list_published_plans(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    kind: PlanKind | None = None,
    unit_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The plans and schemes that are published to the actor: of units at and above, of own groups."""
    filters = {"kind": kind, "unit_id": unit_id, "since": since, "until": until}
    return await PLANS.page(db, actor, page, filters=filters, published=True)


async def plans_by_id(
    db: Connection, actor: Actor, *, plan_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many plans by their keys; None where the actor may not see one."""
    return await PLANS.by_id(db, actor, plan_ids, columns=columns)


async def plans_derived_from(
    db: Connection,
    actor: Actor,
    *,
    plan_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The plans in the actor's place that are derived from each of many."""
    return await PLANS.pages_of(
        db, actor, col(Plan.derived_from_id), plan_ids, page, columns=columns
    )


async def open_plan(db: Connection, actor: Actor, *, plan_id: UUID) -> Row:
    """The plan, locked, in a state in which the actor writes it."""
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_WRITE, lock=True)
    check_plan_state(plan, EDITABLE)
    return plan
