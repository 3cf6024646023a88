"""Destinations (考察地点): where a visit or another activity leads, of what level, at what cost.

Who went is the attendance of the activity's sessions. Public money is noted by the line that it is
paid from.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import CheckConstraint, Index, Numeric, Uuid, bindparam, delete, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, Table, key, text_enum
from app.domain.errors import Conflict, NotFound, Unfit
from app.domain.training.activities import ACTIVITIES, ActivityState, check_state
from app.domain.training.activities.parts import door_of_part, parts_of
from app.sql import Connection, Row, Statement, new_id

MOST_DESTINATIONS = 50
"""How many places one activity leads to at most."""

_OPEN = (ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.HELD)

PlaceName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class HostLevel(StrEnum):
    """Of what level the place is that is visited (级别)."""

    SCHOOL = "school"
    """校级"""
    COUNTY = "county"
    """县区级"""
    CITY = "city"
    """市级"""
    PROVINCE = "province"
    """省级"""
    NATIONAL = "national"
    """国家级"""
    OVERSEAS = "overseas"
    """境外"""


class DestinationFields(BaseModel):
    """A place, its region and level, and what going there cost."""

    host: PlaceName = Field(description="考察单位 / school or site")
    province: PlaceName = Field(description="所在省（境外为国家或地区） / province, or country")
    city: PlaceName | None = Field(default=None, description="所在市县 / city or county")
    level: HostLevel | None = Field(
        default=None, description="级别 / of what level", sa_type=text_enum(HostLevel)
    )
    funds: Decimal | None = Field(
        default=None,
        ge=0,
        max_digits=12,
        decimal_places=2,
        description="经费（元） / cost in yuan",
        sa_type=Numeric(12, 2),
    )
    funds_line: PlaceName | None = Field(
        default=None, description="经费科目 / budget line that it is paid from"
    )


class ActivityDestination(DestinationFields, Table, table=True):
    """One place to which an activity leads."""

    __table_args__ = (
        CheckConstraint("funds >= 0", name="funds"),
        CheckConstraint("funds IS NULL OR funds_line IS NOT NULL", name="line"),
        Index(None, "activity_id", "id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)


class DestinationView(DestinationFields):
    """A destination as both faces show it."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动 / activity")


class NewDestination(DestinationFields, Command):
    """A destination to be added."""

    @model_validator(mode="after")
    def _names_the_line(self) -> Self:
        if self.funds is not None and self.funds_line is None:
            raise Unfit("经费须注明科目。", "What it cost is noted with the line it is paid from.")
        return self


# What can be refused.


class DestinationNotFound(NotFound):
    """There is no such destination for the one who asks."""

    code = "destination_not_found"
    zh = "未找到该考察地点。"
    en = "There is no such destination."


class DestinationsFull(Conflict):
    """More places than one activity leads to."""

    code = "destinations_full"
    zh = "一项活动最多 {limit} 个考察地点。"
    en = "One activity leads to at most {limit} places."


# What may be asked.

DESTINATIONS = door_of_part(
    ActivityDestination, DestinationView, DestinationNotFound, sorts={"created": ()}
)


async def list_destinations(db: Connection, actor: Actor, *, activity_id: UUID) -> list[Row]:
    """Where an activity that the actor may see leads, in the order of entering."""
    await ACTIVITIES.get(db, actor, activity_id)
    return (await destinations_of(db, actor, activity_ids=[activity_id]))[activity_id]


async def destinations_of(
    db: Connection, actor: Actor, *, activity_ids: Sequence[UUID]
) -> dict[UUID, list[Row]]:
    """Where each of many activities leads."""
    owner = col(ActivityDestination.activity_id)
    return await parts_of(db, actor, door=DESTINATIONS, owner=owner, owner_ids=activity_ids)


# What may be done.

_COUNT = Statement(
    select(func.count()).where(
        col(ActivityDestination.activity_id) == bindparam("activity_id", type_=Uuid)
    )
)
_REMOVE = Statement(
    delete(ActivityDestination).where(
        col(ActivityDestination.id) == bindparam("destination_id", type_=Uuid)
    )
)


async def add_destination(
    db: Connection, actor: Actor, *, activity_id: UUID, new: NewDestination
) -> Row:
    """Add a place to an activity that the actor organises, until it is closed."""
    activity = await ACTIVITIES.get(
        db, actor, activity_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    if await db.value(_COUNT, activity_id=activity_id) >= MOST_DESTINATIONS:
        raise DestinationsFull(limit=MOST_DESTINATIONS)
    row = {"id": new_id(), "activity_id": activity_id, **new.model_dump()}
    await db.insert(ActivityDestination, row)
    return await DESTINATIONS.get(db, actor, row["id"])


async def remove_destination(db: Connection, actor: Actor, *, destination_id: UUID) -> Row:
    """Take a place out of an activity that the actor organises, until it is closed; what it was."""
    found = await DESTINATIONS.get(db, actor, destination_id, permission=Permission.ACTIVITY_WRITE)
    activity = await ACTIVITIES.get(
        db, actor, found["activity_id"], permission=Permission.ACTIVITY_WRITE, lock=True
    )
    check_state(activity, *_OPEN)
    if not await db.run(_REMOVE, destination_id=destination_id):
        raise DestinationNotFound
    return found
