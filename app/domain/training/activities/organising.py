"""Organising an activity: the draft and its changes, until it is published."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Unfit
from app.domain.people.teachers.strata import Stratum
from app.domain.training.activities.activity import (
    ACTIVITIES,
)
from app.domain.training.activities.audience import write_audience
from app.domain.training.activities.formed import check_form
from app.domain.training.activities.owners import write_joint_owners
from app.domain.training.activities.table import Activity, ActivityFields
from app.domain.training.owning import place_of_owner
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
    ActivityState,
)
from app.sql import Connection, Row, new_id

ORGANISERS = tuple(f"organiser_{kind}_id" for kind in ("unit", "group", "network", "department"))
"""The fields that say who organises an activity: one of them does."""


FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Beyond these a day is a slip of the pen, and at the ends of the calendar has no civil date."""
LONGEST = timedelta(days=3660)
"""No activity lasts longer: ten years."""
_WRONG_DAYS = (
    "结束日期不能早于开始日期，活动不超过十年。",
    "The last day cannot come before the first, or more than ten years after it.",
)


def check_days(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse days of no year that matters, and, where both are known, in the wrong order or too far apart."""
    if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (starts_on, ends_on)):
        raise Unfit(
            f"日期须在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间。",
            f"An activity is held in the years {FIRST_YEAR} to {LAST_YEAR}.",
        )
    if starts_on is not None and ends_on is not None and not _fit(starts_on, ends_on):
        raise Unfit(*_WRONG_DAYS)


def _fit(starts_on: date, ends_on: date) -> bool:
    return timedelta(0) <= ends_on - starts_on <= LONGEST


def check_organised_once(new: Command) -> None:
    """Refuse what names no organiser, or several."""
    if sum(getattr(new, name) is not None for name in ORGANISERS) != 1:
        raise Unfit(
            "组织者须为一个单位、教研组、片区或部门。",
            "The organiser is one unit, one group, one network or one department.",
        )


class NewActivity(ActivityFields, Command):
    """An activity to be drafted, by a unit or by what organises within or beside units."""

    organiser_unit_id: UUID | None = Field(
        default=None, description="组织单位，或以下之一 / the unit that organises it, or"
    )
    organiser_group_id: UUID | None = Field(
        default=None, description="组织教研组 / the group that organises it, or"
    )
    organiser_network_id: UUID | None = Field(
        default=None, description="组织片区、联校、学区、联盟 / the network that organises it, or"
    )
    organiser_department_id: UUID | None = Field(
        default=None, description="组织部门 / the department that organises it"
    )
    joint_department_ids: list[UUID] = Field(
        default_factory=list,
        max_length=20,
        description="联合主办部门 / other departments of the unit that own it jointly",
    )
    audience: list[UUID] = Field(
        default_factory=list,
        max_length=200,
        description="参训对象，默认为组织者 / units, groups, networks; the organiser by default",
    )

    @model_validator(mode="after")
    def _is_organised_once(self) -> Self:
        check_organised_once(self)
        check_days(self.starts_on, self.ends_on)
        return self


class ActivityChanges(Command):
    """What of a draft is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="名称 / title"
    )
    kind: ActivityKind | None = Field(default=None, description="活动形式 / kind")
    mode: ActivityMode | None = Field(default=None, description="研修方式 / mode")
    channel: ActivityChannel | None = Field(default=None, description="培训渠道 / channel")
    form_id: UUID | None = Field(
        default=None, description="活动样式，null 为无 / version of its form; null: none"
    )
    content: list[ActivityContent] | None = Field(
        default=None, max_length=len(ActivityContent), description="研修内容 / what it is about"
    )
    hours: Decimal | None = Field(
        default=None, gt=0, max_digits=8, decimal_places=2, description="总学时 / hours in all"
    )
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="人数上限，null 为不限 / places; null: no limit"
    )
    requires_note: bool | None = Field(
        default=None, description="是否须提交研修笔记或反思 / whether a note is required"
    )
    requires_session_plans: bool | None = Field(
        default=None, description="各场次是否须有培训者方案 / whether each session needs a plan"
    )
    strata: list[Stratum] | None = Field(
        default=None, max_length=len(Stratum), description="面向的类别 / strata that it is for"
    )
    starts_on: date | None = Field(default=None, description="开始日期 / first day")
    ends_on: date | None = Field(default=None, description="结束日期 / last day")
    joint_department_ids: list[UUID] | None = Field(
        default=None, max_length=20, description="联合主办部门 / departments that own it jointly"
    )
    audience: list[UUID] | None = Field(
        default=None, max_length=200, description="参训对象 / units and groups it is for"
    )

    @model_validator(mode="after")
    def _empties_only_what_may_be_empty(self) -> Self:
        for name in self.model_fields_set - {"capacity", "form_id"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        check_days(self.starts_on, self.ends_on)
        return self


# What can be refused.


class WrongState(Conflict):
    """This is done in other states of an activity than the one that it is in."""

    code = "activity_wrong_state"
    zh = "活动当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The activity is '{state}'; this can be done only while it is: {allowed}."


class DaysDisagree(Conflict):
    """With this change the activity would end before it begins, or last too long."""

    code = "activity_days_disagree"
    zh, en = _WRONG_DAYS


def check_state(activity: Row, *allowed: ActivityState) -> None:
    """Refuse what is not done in the activity's state."""
    if activity["state"] not in allowed:
        raise WrongState(state=activity["state"], allowed=", ".join(allowed))


# What may be done.


async def create_activity(db: Connection, actor: Actor, *, new: NewActivity) -> Row:
    """Draft an activity for whatever the actor organises for: a unit, a group, a network, a department."""
    place = await place_of_owner(
        db,
        actor,
        permission=Permission.ACTIVITY_WRITE,
        unit_id=new.organiser_unit_id,
        group_id=new.organiser_group_id,
        network_id=new.organiser_network_id,
        department_id=new.organiser_department_id,
    )
    activity_id = new_id()
    row = {
        "id": activity_id,
        **new.model_dump(include=set(ActivityFields.model_fields)),
        **place,
        **{name: getattr(new, name) for name in ORGANISERS if name != "organiser_unit_id"},
        "state": ActivityState.DRAFT,
        "created_by": actor.account_id,
    }
    organiser = {**row, "organiser_unit_id": place["school_id"] or place["county_id"]}
    await check_form(db, actor, activity=organiser, newly_chosen=True)
    await db.insert(Activity, row)
    if new.joint_department_ids:
        await write_joint_owners(db, activity_id=activity_id, departments=new.joint_department_ids)
    if new.audience:
        await write_audience(db, actor, activity=organiser, targets=new.audience)
    return await ACTIVITIES.get(db, actor, activity_id)


async def update_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, changes: ActivityChanges
) -> Row:
    """Change a draft; what is published stands, for people have planned with it."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, ActivityState.DRAFT)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True)
    targets, departments = (values.pop(n, None) for n in ("audience", "joint_department_ids"))
    after = activity | values
    if not _fit(after["starts_on"], after["ends_on"]):
        raise DaysDisagree
    if values.keys() & {"form_id", "kind", "mode", "channel", "content"}:
        is_new = after["form_id"] != activity["form_id"]
        await check_form(db, actor, activity=after, newly_chosen=is_new)
    if changes.model_fields_set:
        # A new audience alone is a change of the activity too, which its version tells the feed.
        await db.change(Activity, activity_id, values or {"title": activity["title"]})
    if departments is not None:
        await write_joint_owners(db, activity_id=activity_id, departments=departments)
    if targets is not None:
        await write_audience(db, actor, activity=activity, targets=targets)
    return await ACTIVITIES.get(db, actor, activity_id)
