"""Member schools (成员校) of networks: which schools belong to a network, from when until when.

What a coordinator may see follows the membership: when a school joins or leaves, the tokens of all who
act for the network end, and the next ones carry the schools of that day.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Uuid, bindparam, exists, or_, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.holders import raise_versions_over
from app.domain.access.roles import AT_SCHOOLS, Permission, Role
from app.domain.access.subjects import check_schools_reached
from app.domain.base import MOMENT, TODAY, Command, civil_date, holds_on
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.facts import end_of, fact_filters
from app.domain.organisation.networks import (
    NETWORK_PLACES,
    NETWORKS,
    Network,
    NetworkMember,
    check_within_bureau,
    keep_tree,
    open_network,
)
from app.domain.organisation.units import Level, Unit, hold_unit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NetworkMemberView(BaseModel):
    """A school as a member of a network."""

    id: UUID = Field(description="标识 / key of the membership")
    network_id: UUID = Field(description="所属组织 / network")
    school_id: UUID = Field(description="学校 / school")
    name: str = Field(description="学校名称 / the school's name")
    valid_from: date = Field(description="加入日期 / first day")
    valid_to: date | None = Field(
        description="退出日期（不含） / first day on which it no longer belongs; null while it does"
    )


class NewNetworkMember(Command):
    """A school to be taken into a network."""

    school_id: UUID = Field(description="学校 / school")
    valid_from: date | None = Field(default=None, description="加入日期，默认今天 / first day")


# What can be refused.


class NetworkMemberNotFound(NotFound):
    """The school does not belong to the network."""

    code = "network_member_not_found"
    zh = "该学校目前不是成员校。"
    en = "The school is not a member of this network at present."


class NetworkMemberExists(Conflict):
    """The school belongs to the network already, on some day of the period."""

    code = "network_member_exists"
    zh = "该学校在此期间已是成员校。"
    en = "The school is a member of this network already in that period."


class NetworkMemberNoSchool(Invalid):
    """The members of a network are schools."""

    code = "network_member_no_school"
    zh = "成员只能是学校。"
    en = "The members of a network are schools."


# What may be asked.

NETWORK_MEMBERS = Door(
    table=NetworkMember,
    view=NetworkMemberView,
    read=Permission.UNIT_READ,
    missing=NetworkMemberNotFound,
    places=NETWORK_PLACES,
    computed={"name": col(Unit.name)},
    joined=NetworkMember.__table__.join(  # type: ignore[attr-defined]
        Network.__table__,  # type: ignore[attr-defined]
        col(NetworkMember.network_id) == col(Network.id),
    ).join(Unit.__table__, col(NetworkMember.school_id) == col(Unit.id)),  # type: ignore[attr-defined]
    filters={
        "network_id": col(NetworkMember.network_id),
        **fact_filters(NetworkMember),
        "holds_today": lambda wanted: holds_on(NetworkMember, TODAY) == wanted,
    },
    sorts={"name": (col(Unit.name),), "created": ()},
)
"""Memberships, seen by whoever sees the network in their own place."""


async def list_network_members(
    db: Connection,
    actor: Actor,
    *,
    network_id: UUID,
    page: PageRequest,
    now: datetime,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """The schools that belonged to a network on a day, as was believed on a day, by name."""
    await NETWORKS.get(db, actor, network_id)
    filters = {
        "network_id": network_id,
        "as_of": as_of or civil_date(now),
        "known_at": end_of(known_on),
    }
    return await NETWORK_MEMBERS.page(db, actor, page, filters=filters)


async def network_members_of(
    db: Connection, actor: Actor, *, network_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """Today's member schools of many networks, by name."""
    owner = col(NetworkMember.network_id)
    return await NETWORK_MEMBERS.rows_of(
        db, actor, owner, network_ids, filters={"holds_today": True}, columns=columns
    )


# What may be done.

_ENDS_LATER = Statement(
    select(
        exists(
            select(col(NetworkMember.id)).where(
                col(NetworkMember.network_id) == bindparam("network_id", type_=Uuid),
                col(NetworkMember.school_id) == bindparam("school_id", type_=Uuid),
                col(NetworkMember.superseded_at).is_(None),
                or_(
                    col(NetworkMember.valid_to).is_(None),
                    col(NetworkMember.valid_to) > bindparam("begins", type_=Date),
                ),
            )
        )
    )
)


async def join_network(
    db: Connection, actor: Actor, *, network_id: UUID, new: NewNetworkMember, now: datetime
) -> Row:
    """Take a school into a network; whoever does it arranges networks for both.

    Those who act for the network reach the school from now on: whoever takes it in must hold there
    what they will. The network is locked, so that two who do the same at once do it one after the
    other.
    """
    write = Permission.NETWORK_WRITE
    network = await open_network(db, actor, network_id=network_id, permission=write)
    await keep_tree(db, city_id=network["city_id"])
    network = await open_network(db, actor, network_id=network_id, permission=write, lock=True)
    # Accounts before units, as whoever moves a school takes them.
    concerned = await raise_versions_over(db, subject_ids=[network_id], now=now)
    school = await hold_unit(db, actor, unit_id=new.school_id, permission=Permission.UNIT_READ)
    if school["level"] != Level.SCHOOL:
        raise NetworkMemberNoSchool
    check_within_bureau(network, school)
    place = {name: school[name] for name in ("city_id", "county_id")} | {"school_id": school["id"]}
    for permission in [write, *sorted(AT_SCHOOLS[Role.NETWORK_COORDINATOR])]:
        actor.require(permission, place)
    begins = new.valid_from or civil_date(now)
    if await db.value(_ENDS_LATER, network_id=network_id, school_id=new.school_id, begins=begins):
        raise NetworkMemberExists
    row = {
        "id": new_id(),
        "network_id": network_id,
        "school_id": new.school_id,
        "valid_from": begins,
        "valid_to": None,
        "recorded_at": now,
    }
    try:
        await db.insert(NetworkMember, row)
    except UniqueViolationError:
        raise NetworkMemberExists from None
    await check_schools_reached(db, account_ids=concerned, today=civil_date(now))
    return _shown({**row, "name": school["name"]})


def _shown(row: Row) -> Row:
    return {name: row[name] for name in NetworkMemberView.model_fields}


_OPEN = Statement(
    select(
        *(
            col(getattr(NetworkMember, name))
            for name in NetworkMemberView.model_fields
            if name != "name"
        ),
        col(Unit.name),
    )
    .join_from(NetworkMember, Unit, col(NetworkMember.school_id) == col(Unit.id))
    .where(
        col(NetworkMember.network_id) == bindparam("network_id", type_=Uuid),
        col(NetworkMember.school_id) == bindparam("school_id", type_=Uuid),
        col(NetworkMember.superseded_at).is_(None),
        col(NetworkMember.valid_to).is_(None),
    )
)
_SUPERSEDE = Statement(
    update(NetworkMember)
    .where(col(NetworkMember.id) == bindparam("member_id", type_=Uuid))
    .values(superseded_at=bindparam("now", type_=MOMENT))
)


async def leave_network(
    db: Connection, actor: Actor, *, network_id: UUID, school_id: UUID, now: datetime
) -> Row:
    """End a school's membership today; that it belonged until now can still be told."""
    await open_network(
        db, actor, network_id=network_id, permission=Permission.NETWORK_WRITE, lock=True
    )
    fact = await db.one(_OPEN, network_id=network_id, school_id=school_id)
    if fact is None:
        raise NetworkMemberNotFound
    await db.run(_SUPERSEDE, member_id=fact["id"], now=now)
    today = civil_date(now)
    ended = {**fact, "valid_to": today}
    if fact["valid_from"] < today:
        ended["id"] = new_id()
        kept = {name: value for name, value in ended.items() if name != "name"}
        await db.insert(NetworkMember, {**kept, "recorded_at": now})
    await raise_versions_over(db, subject_ids=[network_id], now=now)
    return _shown(ended)
