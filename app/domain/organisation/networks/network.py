"""A network: its fields, its tables, its door, and what may be asked of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    Uuid,
    any_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.subjects import lies_within
from app.domain.base import (
    MOMENT,
    TODAY,
    Dated,
    Placed,
    Table,
    civil_date,
    dated_constraints,
    holds_on,
    in_force,
    key,
    place_constraints,
    text_enum,
)
from app.domain.errors import NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row


class NetworkKind(StrEnum):
    """What a network is (类型)."""

    CATCHMENT_AREA = "catchment_area"
    """片区"""
    SCHOOL_UNION = "school_union"
    """教育联校"""
    SCHOOL_DISTRICT = "school_district"
    """学区"""
    ALLIANCE = "alliance"
    """联盟"""
    SISTER_SCHOOLS = "sister_schools"
    """姊妹学校、友好学校"""


class NetworkFields(BaseModel):
    """What a network is called, what it is, and who leads it."""

    name: str = Field(min_length=1, max_length=100, description="名称 / name")
    kind: NetworkKind = Field(description="类型 / kind", sa_type=text_enum(NetworkKind))
    lead_unit_id: UUID | None = Field(
        default=None, description="牵头单位 / the unit that leads it, if one does", sa_type=Uuid
    )


class Network(NetworkFields, Placed, Table, table=True):
    """A network, placed by the bureau or the school to which it belongs."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(["lead_unit_id"], ["unit.id"]),
        UniqueConstraint("id", "unit_id"),
        CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),
        CheckConstraint(
            "school_id IS NULL OR kind = 'sister_schools'", name="schools_have_friends_alone"
        ),
        Index(None, "school_id", "name", "id"),
        Index(None, "county_id", "name", "id"),
        Index(None, "city_id", "name", "id"),
    )

    id: UUID = key()
    unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT)


class NetworkMember(Dated, Table, table=True):
    """That a school belongs to a network from a day on."""

    __table_args__ = (
        *dated_constraints(),
        Index(
            "uq_network_member_open", "network_id", "school_id", unique=True,
            postgresql_where=text("superseded_at IS NULL AND valid_to IS NULL"),
        ),
        Index(None, "school_id"),
    )  # fmt: skip

    id: UUID = key()
    network_id: UUID = Field(foreign_key="network.id", sa_type=Uuid)
    school_id: UUID = Field(foreign_key="unit.id", sa_type=Uuid)


class NetworkView(NetworkFields):
    """A network as both faces show it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    school_id: UUID | None = Field(description="学校 / school, null for a bureau's network")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    city_id: UUID = Field(description="所属市 / city")
    valid_from: date = Field(description="成立日期 / first day")
    valid_to: date | None = Field(
        description="解散日期（不含） / first day on which it no longer is; null while it is"
    )


# What can be refused.


class NetworkNotFound(NotFound):
    """There is no such network for the one who asks."""

    code = "network_not_found"
    zh = "未找到该片区、联校、学区或联盟。"
    en = "There is no such network."


# What may be asked.


_Member, _School, _Joined = aliased(NetworkMember), aliased(Unit), aliased(Network)


def _has_member(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The predicate 'a school that meets this condition is a member of this network today'.

    What has left the bureau in charge is none, whatever the membership still says.
    """
    members = (
        select(col(_Member.network_id))
        .join(_School, col(_Member.school_id) == col(_School.id))
        .join(_Joined, col(_Member.network_id) == col(_Joined.id))
        .where(condition, holds_on(_Member, TODAY), lies_within(_School, _Joined))
    )
    return col(Network.id).in_(members)


def _lies_in(column: str) -> Any:
    own, of_school = col(getattr(Network, column)), col(getattr(_School, column))
    return lambda units: or_(own == any_(units), _has_member(of_school == any_(units)))


def _is_known(audience: Any) -> ColumnElement[bool]:
    return or_(
        col(Network.unit_id) == any_(audience),
        _has_member(col(_Member.school_id) == any_(audience)),
    )


NETWORK_PLACES = {
    "city_id": col(Network.city_id),
    "county_id": _lies_in("county_id"),
    "school_id": _lies_in("school_id"),
    "network_id": col(Network.id),
}
"""A network is seen where its owner lies, where its members lie, and by its coordinators."""

NETWORKS = Door(
    table=Network,
    view=NetworkView,
    read=Permission.UNIT_READ,
    missing=NetworkNotFound,
    places=NETWORK_PLACES,
    audience=_is_known,
    filters={
        "unit_id": col(Network.unit_id),
        "kind": col(Network.kind),
        "member_id": lambda school: _has_member(col(_Member.school_id) == school),
        "as_of": lambda day: in_force(Network, day),
    },
    sorts={"name": (col(Network.name),), "created": ()},
)
"""A network is known to all below its owner and to its members' people besides."""


async def get_network(db: Connection, actor: Actor, *, network_id: UUID, lock: bool = False) -> Row:
    """One network within the actor's reach, or known to the actor's unit."""
    return await NETWORKS.get(db, actor, network_id, lock=lock)


async def list_networks(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    unit_id: UUID | None = None,
    member_id: UUID | None = None,
    kind: NetworkKind | None = None,
) -> Page:
    """The networks that there were on a day in the actor's place, by name unless sorted otherwise.

    `member_id` keeps those to which a school belongs today.
    """
    filters = {
        "unit_id": unit_id,
        "member_id": member_id,
        "kind": kind,
        "as_of": as_of or civil_date(now),
    }
    return await NETWORKS.page(db, actor, page, filters=filters)


async def networks_by_id(
    db: Connection, actor: Actor, *, network_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many networks by their keys; None where the actor may not see one."""
    return await NETWORKS.by_id(db, actor, network_ids, columns=columns)
