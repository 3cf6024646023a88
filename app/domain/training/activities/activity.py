"""An activity (研修活动): what is held, by whom, for how many hours, and where it stands.

Its place is its organiser's, and gives the right to manage it; its audience gives the right to see it
once it is published.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    any_,
    func,
    select,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import (
    AMOUNT,
    MOMENT,
    Placed,
    Table,
    Versioned,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.units import Level
from app.domain.paging import Page, PageRequest
from app.domain.training.activities.audience import ActivityAudience, is_addressed
from app.domain.training.activities.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
    ActivityState,
)
from app.sql import Connection, Row


class ActivityFields(BaseModel):
    """What the organiser decides about an activity."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    kind: ActivityKind = Field(description="活动形式 / kind", sa_type=text_enum(ActivityKind))
    mode: ActivityMode = Field(description="研修方式 / mode", sa_type=text_enum(ActivityMode))
    channel: ActivityChannel = Field(
        description="培训渠道 / channel", sa_type=text_enum(ActivityChannel)
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=18,
        description="研修内容 / what it is about",
        sa_type=ARRAY(Text),
    )
    hours: Decimal = Field(
        gt=0,
        max_digits=8,
        decimal_places=2,
        description="总学时，等于各场次学时之和 / hours in all, the sum of its sessions'",
        sa_type=AMOUNT,
    )
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="人数上限，不限时为空 / places; null: no limit"
    )
    requires_note: bool = Field(
        default=False,
        description="是否须提交研修笔记或反思 / whether a note or reflection is required",
    )
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")


class Activity(ActivityFields, Placed, Versioned, Table, table=True):
    """An activity, placed by its organiser; its level is its organiser's."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(
            ["organiser_group_id", "organiser_unit_id"],
            ["research_group.id", "research_group.unit_id"],
        ),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(published_at IS NOT NULL) = (state IN ('published', 'held', 'closed'))"
            " OR state = 'cancelled'",
            name="published_at",
        ),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name="closed_at"),
        Index(None, "school_id", "starts_on", "id"),
        Index(None, "county_id", "starts_on", "id"),
        Index(None, "city_id", "starts_on", "id"),
        Index(None, "organiser_unit_id", "starts_on", "id"),
        Index(None, "organiser_group_id", "starts_on", "id"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    level: Level = Field(
        sa_type=text_enum(Level),
        sa_column_args=(
            Computed(
                "CASE WHEN school_id IS NOT NULL THEN 'school'"
                " WHEN county_id = city_id THEN 'city' ELSE 'county' END",
                persisted=True,
            ),
        ),
    )
    organiser_unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    organiser_group_id: UUID | None = Field(default=None, sa_type=Uuid)
    state: ActivityState = Field(sa_type=text_enum(ActivityState))
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class ActivityView(ActivityFields):
    """An activity as both faces show it."""

    id: UUID = Field(description="标识 / key")
    level: Level = Field(description="级别，即组织者的级别 / level: its organiser's")
    state: ActivityState = Field(description="状态 / state")
    organiser_unit_id: UUID = Field(description="组织单位 / unit that organises it")
    organiser_group_id: UUID | None = Field(
        description="组织教研组 / group that organises it, if one does"
    )
    audience: list[UUID] = Field(description="参训对象：单位或教研组 / units and groups it is for")
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
}
"""What places an activity, and all that is read through its door."""

ACTIVITIES = Door(
    table=Activity,
    view=ActivityView,
    read=Permission.ACTIVITY_READ,
    missing=ActivityNotFound,
    places=ACTIVITY_PLACES,
    audience=is_offered,
    computed={
        "audience": func.array(
            select(col(ActivityAudience.target_id))
            .where(col(ActivityAudience.activity_id) == col(Activity.id))
            .order_by(col(ActivityAudience.target_id))
            .scalar_subquery()
        )
    },
    filters={
        "state": col(Activity.state),
        "kind": col(Activity.kind),
        "content": lambda content: content == any_(col(Activity.content)),
        "organiser_unit_id": col(Activity.organiser_unit_id),
        "organiser_group_id": col(Activity.organiser_group_id),
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
    content: ActivityContent | None = None,
    organiser_unit_id: UUID | None = None,
    organiser_group_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities organised in the actor's place, by first day unless sorted otherwise.

    `since` and `until` keep those with a day in that period, both included.
    """
    filters = {
        "state": state, "kind": kind, "content": content, "organiser_unit_id": organiser_unit_id,
        "organiser_group_id": organiser_group_id, "since": since, "until": until,
    }  # fmt: skip
    return await ACTIVITIES.page(db, actor, page, filters=filters)


async def list_offered_activities(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    state: ActivityState | None = None,
    kind: ActivityKind | None = None,
    content: ActivityContent | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities that are published to the actor: to units at and above, and to own groups."""
    actor.require(Permission.ACTIVITY_READ)
    filters = {"state": state, "kind": kind, "content": content, "since": since, "until": until}
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
    first: int = 100,
    columns: Columns = None,
) -> dict[UUID, list[Row]]:
    """The latest activities that many groups organise."""
    owner = col(Activity.organiser_group_id)
    return await ACTIVITIES.rows_of(
        db, actor, owner, group_ids, sort="-starts_on", first=first, columns=columns
    )
