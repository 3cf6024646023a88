"""Series (系列活动): activities that belong together, under one title and with one goal.

A series of lectures, a theme that is taken up again and again: each is an activity of its own, with its
own sessions, attendance and credit. The series says what they are for together, and who answers for it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import ColumnElement, Computed, Index, Text, Uuid, exists, select, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, key, place_constraints
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.training.activities import ACTIVITIES, Activity
from app.domain.training.activities.activity import is_offered
from app.domain.training.activities.organising import check_organised_once
from app.domain.training.owning import place_of_owner
from app.sql import Connection, Row, new_id


class SeriesFields(BaseModel):
    """What a series is called and what it is for."""

    title: str = Field(min_length=1, max_length=200, description="系列名称 / title")
    goal: str | None = Field(
        default=None,
        min_length=2,
        max_length=2000,
        description="系列目标 / what it is to bring about",
        sa_type=Text,
    )


class ActivitySeries(SeriesFields, Placed, Table, table=True):
    """A series, placed by whoever organises it, as an activity is."""

    __table_args__ = (
        *place_constraints(),
        *(
            Index(
                None, f"organiser_{each}_id", "id",
                postgresql_where=text(f"organiser_{each}_id IS NOT NULL"),
            )
            for each in ("group", "network", "department")
        ),
        *(Index(None, name, "id") for name in PLACE),
    )  # fmt: skip

    id: UUID = key()
    organiser_unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    organiser_group_id: UUID | None = Field(
        default=None, foreign_key="research_group.id", sa_type=Uuid
    )
    organiser_network_id: UUID | None = Field(default=None, foreign_key="network.id", sa_type=Uuid)
    organiser_department_id: UUID | None = Field(
        default=None, foreign_key="department.id", sa_type=Uuid
    )
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    created_at: datetime = Field(sa_type=MOMENT)


class SeriesView(SeriesFields):
    """A series as both faces show it."""

    id: UUID = Field(description="标识 / key")
    organiser_unit_id: UUID = Field(description="组织单位 / unit that organises it")
    organiser_group_id: UUID | None = Field(description="组织教研组 / group, if one does")
    organiser_network_id: UUID | None = Field(description="组织片区 / network, if one does")
    organiser_department_id: UUID | None = Field(description="组织部门 / department, if one does")
    created_at: datetime = Field(description="建立时间 / when it was set up")


class NewSeries(SeriesFields, Command):
    """A series to be set up, by a unit or by what organises within or beside units."""

    organiser_unit_id: UUID | None = Field(default=None, description="组织单位，或 / unit, or")
    organiser_group_id: UUID | None = Field(default=None, description="教研组，或 / group, or")
    organiser_network_id: UUID | None = Field(default=None, description="片区，或 / network, or")
    organiser_department_id: UUID | None = Field(default=None, description="部门 / department")

    @model_validator(mode="after")
    def _is_organised_once(self) -> Self:
        check_organised_once(self)
        return self


class SeriesChanges(Command):
    """What of a series is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="系列名称 / title"
    )
    goal: str | None = Field(
        default=None, min_length=2, max_length=2000, description="系列目标，null 为无 / goal"
    )

    @model_validator(mode="after")
    def _keeps_a_title(self) -> Self:
        if "title" in self.model_fields_set and self.title is None:
            raise Unfit("系列名称不能为空。", "A series has a title.")
        return self


class SeriesChoice(Command):
    """Into which series an activity is put."""

    series_id: UUID | None = Field(description="系列，null 为移出 / series; null: into none")


# What can be refused.


class SeriesNotFound(NotFound):
    """There is no such series for the one who asks."""

    code = "series_not_found"
    zh = "未找到该系列活动。"
    en = "There is no such series."


# What may be asked.


def _has_offered(addresses: Any) -> ColumnElement[bool]:
    """The predicate 'an activity of this series is published to one of these'."""
    offered = select(col(Activity.id)).where(
        col(Activity.series_id) == col(ActivitySeries.id), is_offered(addresses)
    )
    return exists(offered)


SERIES = Door(
    table=ActivitySeries,
    view=SeriesView,
    read=Permission.ACTIVITY_READ,
    missing=SeriesNotFound,
    places={
        **{name: col(getattr(ActivitySeries, name)) for name in PLACE},
        **{
            f"{each}_id": col(getattr(ActivitySeries, f"organiser_{each}_id"))
            for each in ("group", "network", "department")
        },
    },
    audience=_has_offered,
    filters={"organiser_unit_id": col(ActivitySeries.organiser_unit_id)},
    sorts={"created": (), "title": (col(ActivitySeries.title),)},
)


async def get_series(db: Connection, actor: Actor, *, series_id: UUID, lock: bool = False) -> Row:
    """One series in the actor's place, or of which an activity is published to the actor."""
    return await SERIES.get(db, actor, series_id, lock=lock)


async def list_organised_series(
    db: Connection, actor: Actor, *, page: PageRequest, organiser_unit_id: UUID | None = None
) -> Page:
    """The series in the actor's place, the first set up first; their activities are asked by them."""
    return await SERIES.page(db, actor, page, filters={"organiser_unit_id": organiser_unit_id})


async def series_by_id(
    db: Connection, actor: Actor, *, series_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many series by their keys; None where the actor may not see one."""
    return await SERIES.by_id(db, actor, series_ids, columns=columns)


# What may be done.


async def create_series(db: Connection, actor: Actor, *, new: NewSeries, now: datetime) -> Row:
    """Set up a series for whatever the actor organises for."""
    place = await place_of_owner(
        db,
        actor,
        permission=Permission.ACTIVITY_WRITE,
        unit_id=new.organiser_unit_id,
        group_id=new.organiser_group_id,
        network_id=new.organiser_network_id,
        department_id=new.organiser_department_id,
    )
    row = {
        "id": new_id(),
        **new.model_dump(exclude={"organiser_unit_id"}),
        **place,
        "created_by": actor.account_id,
        "created_at": now,
    }
    await db.insert(ActivitySeries, row)
    return await SERIES.get(db, actor, row["id"])


async def update_series(
    db: Connection, actor: Actor, *, series_id: UUID, changes: SeriesChanges
) -> Row:
    """Give a series of the actor another title or goal."""
    await SERIES.get(db, actor, series_id, permission=Permission.ACTIVITY_WRITE, lock=True)
    await db.change(ActivitySeries, series_id, changes.model_dump(exclude_unset=True))
    return await SERIES.get(db, actor, series_id)


async def choose_series(
    db: Connection, actor: Actor, *, activity_id: UUID, choice: SeriesChoice
) -> Row:
    """Put an activity of the actor into a series of the actor, or take it out; in whatever state."""
    write = Permission.ACTIVITY_WRITE
    await ACTIVITIES.get(db, actor, activity_id, permission=write, lock=True)
    if choice.series_id is not None:
        await SERIES.get(db, actor, choice.series_id, permission=write)
    await db.change(Activity, activity_id, {"series_id": choice.series_id})
    return await ACTIVITIES.get(db, actor, activity_id)
