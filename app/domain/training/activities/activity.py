"""An activity (研修活动): what is held, by whom, for how many hours, and where it stands.

Its place is its organiser's, and gives the right to manage it; its audience gives the right to see it
once it is published.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, func, or_, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.organisation.units import Level
from app.domain.paging import Page, PageRequest
from app.domain.training.activities.audience import AUDIENCE, is_addressed, is_candidate
from app.domain.training.activities.joint import JOINTLY, is_joint
from app.domain.training.activities.owners import ActivityDepartment, is_owned_by
from app.domain.training.activities.table import Activity, ActivityFields
from app.domain.training.forms import ActivityForm
from app.domain.training.vocabulary import (
    ActivityContent,
    ActivityKind,
    ActivityState,
)
from app.sql import Connection, Row


class ActivityView(ActivityFields):
    """An activity as both faces show it."""

    id: UUID = Field(description="标识 / key")
    level: Level = Field(description="级别，即组织者的级别 / level: its organiser's")
    state: ActivityState = Field(description="状态 / state")
    organiser_unit_id: UUID = Field(description="组织单位 / unit that organises it")
    organiser_group_id: UUID | None = Field(
        description="组织教研组 / group that organises it, if one does"
    )
    organiser_network_id: UUID | None = Field(
        description="组织片区、联校、学区、联盟 / network that organises it, if one does"
    )
    organiser_department_id: UUID | None = Field(
        description="组织部门 / department that organises it, if one does"
    )
    series_id: UUID | None = Field(description="所属系列 / series that it belongs to, if any")
    joint_department_ids: list[UUID] = Field(
        description="联合主办部门 / departments that own it jointly"
    )
    audience: list[UUID] = Field(
        description="参训对象：单位、教研组、片区 / units, groups and networks it is for"
    )
    published_at: datetime | None = Field(description="发布时间 / when it was published")
    closed_at: datetime | None = Field(description="结束时间 / when it was closed")


# What can be refused.


class ActivityNotFound(NotFound):
    """There is no such activity for the one who asks."""

    code = "activity_not_found"
    zh = "未找到该活动。"
    en = "There is no such activity."


# What may be asked.


def is_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'this activity is, or once was, published to one of these'.

    A draft that was cancelled never was: nobody but the organiser hears of it.
    """
    return was_published() & is_addressed(col(Activity.id), addresses)


def was_published() -> ColumnElement[bool]:
    """The predicate 'this activity has left its draft for its audience to see'."""
    return col(Activity.published_at).is_not(None)


ACTIVITY_PLACES = {
    "city_id": col(Activity.city_id),
    "county_id": col(Activity.county_id),
    "school_id": col(Activity.school_id),
    "group_id": col(Activity.organiser_group_id),
    "network_id": col(Activity.organiser_network_id),
    "department_id": is_owned_by,
}
"""What places an activity, and all that is read through its door."""


def _or_joint(name: str) -> Callable[[Any], ColumnElement[bool]]:
    own: Any = ACTIVITY_PLACES[name]
    return lambda ids: or_(own(ids) if callable(own) else own == any_(ids), is_joint(name, ids))


SHARED_PLACES = {
    **ACTIVITY_PLACES,
    **{name: _or_joint(name) for name in JOINTLY},
}
"""The same with the places of joint organisers: for what is read activity by activity."""

ACTIVITIES = Door(
    table=Activity,
    view=ActivityView,
    read=Permission.ACTIVITY_READ,
    missing=ActivityNotFound,
    places=ACTIVITY_PLACES,
    audience=is_offered,
    shared={name: partial(is_joint, name) for name in JOINTLY},
    shared_for=frozenset(
        {Permission.ACTIVITY_READ, Permission.ATTENDANCE_READ, Permission.ATTENDANCE_WRITE}
    ),
    computed={
        "audience": AUDIENCE.shown(col(Activity.id)),
        "joint_department_ids": func.array(
            select(col(ActivityDepartment.department_id))
            .where(col(ActivityDepartment.activity_id) == col(Activity.id))
            .order_by(col(ActivityDepartment.department_id))
            .scalar_subquery()
        ),
    },
    filters={
        "state": col(Activity.state),
        "kind": col(Activity.kind),
        "form_code": lambda code: exists(
            select(col(ActivityForm.id)).where(
                col(ActivityForm.id) == col(Activity.form_id), col(ActivityForm.code) == code
            )
        ),
        "content": lambda content: content == any_(col(Activity.content)),
        "organiser_unit_id": col(Activity.organiser_unit_id),
        "organiser_group_id": col(Activity.organiser_group_id),
        "organiser_network_id": col(Activity.organiser_network_id),
        "organiser_department_id": col(Activity.organiser_department_id),
        "series_id": col(Activity.series_id),
        "teacher_id": lambda teacher_id: is_candidate(col(Activity.id), teacher_id),
        "since": lambda day: col(Activity.ends_on) >= day,
        "until": lambda day: col(Activity.starts_on) <= day,
    },
    sorts={"starts_on": (col(Activity.starts_on),), "created": ()},
)


async def get_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, lock: bool = False
) -> Row:
    """One activity in the actor's place or published to the actor.

    With `lock` nobody else changes it until the transaction ends.
    """
    return await ACTIVITIES.get(db, actor, activity_id, lock=lock)


async def list_activities(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    state: ActivityState | None = None,
    kind: ActivityKind | None = None,
    form_code: str | None = None,
    content: ActivityContent | None = None,
    organiser_unit_id: UUID | None = None,
    organiser_group_id: UUID | None = None,
    organiser_network_id: UUID | None = None,
    organiser_department_id: UUID | None = None,
    series_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities organised in the actor's place, by first day unless sorted otherwise.

    `since` and `until` keep those with a day in that period, both included.
    """
    filters = {
        "state": state, "kind": kind, "form_code": form_code, "content": content,
        "organiser_unit_id": organiser_unit_id, "organiser_group_id": organiser_group_id,
        "organiser_network_id": organiser_network_id,
        "organiser_department_id": organiser_department_id, "series_id": series_id,
        "since": since, "until": until,
    }  # fmt: skip
    return await ACTIVITIES.page(db, actor, page, filters=filters)


async def list_offered_activities(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    state: ActivityState | None = None,
    kind: ActivityKind | None = None,
    form_code: str | None = None,
    content: ActivityContent | None = None,
    series_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities that are published to the actor: to units at and above, and to own groups.

    Those that are for strata of teachers are shown to a teacher who counts in one.
    """
    actor.require(Permission.ACTIVITY_READ)
    filters = {
        "state": state, "kind": kind, "form_code": form_code, "content": content,
        "series_id": series_id, "since": since, "until": until, "teacher_id": actor.teacher_id,
    }  # fmt: skip
    return await ACTIVITIES.page(db, actor, page, filters=filters, published=True)


async def activities_by_id(
    db: Connection, actor: Actor, *, activity_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many activities by their keys; None where the actor may not see one."""
    return await ACTIVITIES.by_id(db, actor, activity_ids, columns=columns)


async def activities_of(
    db: Connection,
    actor: Actor,
    *,
    group_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The activities that each of many groups organises, the latest first."""
    owner = col(Activity.organiser_group_id)
    return await ACTIVITIES.pages_of(
        db, actor, owner, group_ids, page, sort="-starts_on", columns=columns
    )


async def activities_of_forms(
    db: Connection,
    actor: Actor,
    *,
    form_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The activities that have each of many versions of forms, the latest first."""
    owner = col(Activity.form_id)
    return await ACTIVITIES.pages_of(
        db, actor, owner, form_ids, page, sort="-starts_on", columns=columns
    )


async def activities_of_networks(
    db: Connection,
    actor: Actor,
    *,
    network_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The activities that each of many networks organises, the latest first."""
    owner = col(Activity.organiser_network_id)
    return await ACTIVITIES.pages_of(
        db, actor, owner, network_ids, page, sort="-starts_on", columns=columns
    )


async def activities_of_departments(
    db: Connection,
    actor: Actor,
    *,
    department_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The activities that each of many departments organises, the latest first."""
    owner = col(Activity.organiser_department_id)
    return await ACTIVITIES.pages_of(
        db, actor, owner, department_ids, page, sort="-starts_on", columns=columns
    )
