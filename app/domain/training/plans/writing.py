"""Writing a plan: who may, for whom, from which plan above it is derived, and its items."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Date, Text, Uuid, bindparam, exists, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.departments import open_department
from app.domain.organisation.units import hold_unit, place_of
from app.domain.people.teachers import TEACHERS, TeacherNotFound
from app.domain.training.groups import open_group
from app.domain.training.plans.plan import PLANS, check_plan_state, open_plan
from app.domain.training.plans.table import Plan, PlanFields, PlanItem, owner_of
from app.domain.training.plans.vocabulary import AGREED, PlanKind, PlanState
from app.sql import Connection, Row, Statement, new_id

OWNERS = ("unit_id", "group_id", "department_id", "teacher_id")
"""The fields that say of whom a plan is: one of them does."""


def check_days(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse days in the wrong order, where both are known."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Unfit("结束日期不能早于开始日期。", "The last day cannot come before the first.")


class NewPlan(PlanFields, Command):
    """A plan to be drafted for a unit, a group or a department; for a teacher if individual."""

    kind: PlanKind = Field(description="类型 / kind")
    unit_id: UUID | None = Field(default=None, description="单位，或以下之一 / the unit, or")
    group_id: UUID | None = Field(default=None, description="教研组 / the group, or")
    department_id: UUID | None = Field(default=None, description="部门 / the department, or")
    teacher_id: UUID | None = Field(
        default=None, description="教师（个人学习计划） / the teacher, of an individual plan"
    )
    derived_from_id: UUID | None = Field(
        default=None, description="所依据的上级方案或计划 / plan above from which it is derived"
    )

    @model_validator(mode="after")
    def _is_owned_once(self) -> Self:
        if sum(getattr(self, name) is not None for name in OWNERS) != 1:
            raise Unfit(
                "计划须属于一个单位、教研组、部门或教师。",
                "A plan is of one unit, one group, one department or one teacher.",
            )
        if (self.kind is PlanKind.INDIVIDUAL) != (self.teacher_id is not None):
            raise Unfit(
                "个人学习计划须属于教师。", "An individual plan is of a teacher, no other is."
            )
        check_days(self.starts_on, self.ends_on)
        return self


class PlanChanges(Command):
    """What of a plan is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称 / title"
    )
    starts_on: date | None = Field(default=None, description="起始日期 / first day")
    ends_on: date | None = Field(default=None, description="终止日期 / last day")
    aims: str | None = Field(default=None, min_length=1, max_length=5000, description="目标 / aims")
    school_goals: str | None = Field(
        default=None, min_length=1, max_length=2000, description="学校发展目标 / the school's goals"
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=50_000, description="正文 / the whole text"
    )
    derived_from_id: UUID | None = Field(
        default=None, description="所依据的上级方案或计划 / plan above from which it is derived"
    )

    @model_validator(mode="after")
    def _empties_nothing_needed(self) -> Self:
        for name in self.model_fields_set & {"title", "starts_on", "ends_on"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        check_days(self.starts_on, self.ends_on)
        return self


class PlanSummary(Command):
    """What came of a plan, in the words of those who carried it out."""

    summary: str = Field(min_length=10, max_length=20_000, description="总结 / summary")


# What can be refused.


class PlanDerivation(Invalid):
    """A plan is derived from what was published to its owner, of a unit at or above its own."""

    code = "plan_derivation"
    zh = "所依据的方案或计划必须已发布，且属于本单位或其上级。"
    en = "A plan is derived from a published plan of its own unit or of one above it."


class PlanDaysDisagree(Conflict):
    """With this change the plan would end before it begins, or an item would lie outside it."""

    code = "plan_days_disagree"
    zh = "终止日期不能早于起始日期，计划项的日期须在计划期内。"
    en = "The last day cannot come before the first, and all items lie between the two."


class ItemOutsidePlan(Invalid):
    """An item lies within the days of its plan."""

    code = "plan_item_outside_plan"
    zh = "计划项的日期须在计划期内（{starts_on} 至 {ends_on}）。"
    en = "An item lies within the days of its plan ({starts_on} to {ends_on})."


class PlanNotBegun(Conflict):
    """What has not begun is not summed up."""

    code = "plan_not_begun"
    zh = "计划尚未开始（{starts_on}），不能总结。"
    en = "The plan has not begun ({starts_on}), so there is nothing to sum up."


def check_within(plan: Row, starts_on: date, ends_on: date) -> None:
    """Refuse days of an item that are not among those of its plan."""
    if not plan["starts_on"] <= starts_on <= ends_on <= plan["ends_on"]:
        raise ItemOutsidePlan(
            starts_on=plan["starts_on"].isoformat(), ends_on=plan["ends_on"].isoformat()
        )


async def check_trainers(db: Connection, actor: Actor, *, trainer_ids: Sequence[UUID]) -> None:
    """Refuse to name as trainers teachers whom the actor does not see."""
    if trainer_ids:
        found = await TEACHERS.by_id(db, actor, trainer_ids)
        if None in found.values():
            raise TeacherNotFound


# What may be done.


async def _place_of_owner(db: Connection, actor: Actor, new: NewPlan) -> Row:
    """The place of the plan's owner, where the actor may write its plans."""
    wanted = Permission.PLAN_WRITE
    if new.unit_id is not None:
        return place_of(await hold_unit(db, actor, unit_id=new.unit_id, permission=wanted))
    if new.group_id is not None:
        owner = await open_group(db, actor, group_id=new.group_id, permission=wanted)
    elif new.department_id is not None:
        owner = await open_department(db, actor, department_id=new.department_id, permission=wanted)
    else:
        assert new.teacher_id is not None  # noqa: S101  its validator has seen to it
        owner = await TEACHERS.get(db, actor, new.teacher_id, permission=wanted)
    return {column: owner[column] for column in PLACE}


async def check_derivation(
    db: Connection, actor: Actor, *, derived_from_id: UUID | None, plan: Row
) -> None:
    """Refuse a plan above that was not published, or does not lie above: so no circle arises."""
    if derived_from_id is None:
        return
    above = await PLANS.get(db, actor, derived_from_id)
    units = {plan[column] for column in PLACE if plan[column] is not None}
    published = above["published_at"] is not None and above["teacher_id"] is None
    lies_above = above["unit_id"] in units
    if above["unit_id"] == plan["unit_id"]:
        # Within a unit its own plan lies above all others, and a teacher's below all others.
        is_of_unit = owner_of(above) == plan["unit_id"] != owner_of(plan)
        lies_above = is_of_unit or plan["teacher_id"] is not None
    if not (published and lies_above):
        raise PlanDerivation


async def create_plan(db: Connection, actor: Actor, *, new: NewPlan, now: datetime) -> Row:
    """Draft a plan for whatever the actor plans for."""
    place = await _place_of_owner(db, actor, new)
    plan_id = new_id()
    row = {
        "id": plan_id,
        **new.model_dump(exclude={"unit_id"}),
        **place,
        "state": PlanState.DRAFT,
        "since": now,
        "version": 0,
        "created_by": actor.account_id,
    }
    owner = {**row, "unit_id": place["school_id"] or place["county_id"]}
    await check_derivation(db, actor, derived_from_id=new.derived_from_id, plan=owner)
    await db.insert(Plan, row)
    return await PLANS.get(db, actor, plan_id)


_ITEM_OUTSIDE = Statement(
    select(
        exists().where(
            col(PlanItem.plan_id) == bindparam("plan_id", type_=Uuid),
            (col(PlanItem.starts_on) < bindparam("starts_on", type_=Date))
            | (col(PlanItem.ends_on) > bindparam("ends_on", type_=Date)),
        )
    )
)


async def update_plan(db: Connection, actor: Actor, *, plan_id: UUID, changes: PlanChanges) -> Row:
    """Change a plan that is being written; what was submitted stands until it is returned."""
    plan = await open_plan(db, actor, plan_id=plan_id)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    after = plan | values
    if after["ends_on"] < after["starts_on"]:
        raise PlanDaysDisagree
    days = {name: after[name] for name in ("starts_on", "ends_on")}
    if values.keys() & days.keys() and await db.value(_ITEM_OUTSIDE, plan_id=plan_id, **days):
        raise PlanDaysDisagree
    if "derived_from_id" in values:
        await check_derivation(db, actor, derived_from_id=values["derived_from_id"], plan=plan)
    await db.change(Plan, plan_id, values)
    return await PLANS.get(db, actor, plan_id)


_SUMMARISE = Statement(
    update(Plan)
    .where(col(Plan.id) == bindparam("plan_id", type_=Uuid))
    .values(summary=bindparam("said", type_=Text), summarised_at=bindparam("now", type_=MOMENT))
)


async def summarise_plan(
    db: Connection, actor: Actor, *, plan_id: UUID, summary: PlanSummary, now: datetime
) -> Row:
    """Say what came of a plan that was agreed and has begun; a later summary takes its place."""
    plan = await PLANS.get(db, actor, plan_id, permission=Permission.PLAN_WRITE, lock=True)
    check_plan_state(plan, AGREED)
    if civil_date(now) < plan["starts_on"]:
        raise PlanNotBegun(starts_on=plan["starts_on"].isoformat())
    await db.run(_SUMMARISE, plan_id=plan_id, said=summary.summary, now=now)
    return await PLANS.get(db, actor, plan_id)
