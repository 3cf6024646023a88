"""Setting up, changing and dissolving networks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Date, Uuid, bindparam, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.holders import end_grants_over
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.networks.network import (
    NETWORKS,
    Network,
    NetworkFields,
    NetworkKind,
)
from app.domain.organisation.units import UNITS, Level, Unit, hold_unit, place_of
from app.sql import Connection, Row, Statement, new_id


class NewNetwork(NetworkFields, Command):
    """A network to be set up by a bureau, or by a school with its friends."""

    unit_id: UUID = Field(description="所属单位 / the bureau or school to which it belongs")
    valid_from: date | None = Field(default=None, description="成立日期，默认今天 / first day")


class NetworkChanges(Command):
    """What of a network is to be changed; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="名称 / name")
    lead_unit_id: UUID | None = Field(
        default=None, description="牵头单位，null 为无 / the unit that leads it; null: none"
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise Unfit("名称不能为空。", "The name cannot be null.")
        return self


# What can be refused.


class NetworkKindOfSchool(Invalid):
    """A school has networks of friends alone; all others are a bureau's."""

    code = "network_kind_of_school"
    zh = "学校只能设立姊妹（友好）学校，其他类型由教育局设立。"
    en = "A school sets up sister schools alone; other networks are a bureau's."


class NetworkOutsideBureau(Invalid):
    """A network lies within the bureau in charge of it: only the city's reaches over counties."""

    code = "network_outside_bureau"
    zh = "该单位不在本组织主管教育局的范围内，跨县只能由市级设立。"
    en = "The unit lies outside the network's bureau: only the city's networks reach over counties."


class NetworkDissolved(Conflict):
    """The network is no longer: what is past is not changed."""

    code = "network_dissolved"
    zh = "该组织已解散。"
    en = "The network has been dissolved."


# What may be done.


async def open_network(
    db: Connection, actor: Actor, *, network_id: UUID, permission: Permission, lock: bool = False
) -> Row:
    """A network that still is, where the actor holds the permission over it.

    Over it is at its owner's place or over the network itself: a member school's place shows the
    network, and permits nothing with it.
    """
    row = await NETWORKS.get(db, actor, network_id, permission=permission, lock=lock)
    actor.require(permission, {**{name: row[name] for name in PLACE}, "network_id": network_id})
    if row["valid_to"] is not None:
        raise NetworkDissolved
    return row


_HOLD_CITY = Statement(
    select(col(Unit.id))
    .where(col(Unit.id) == bindparam("city_id", type_=Uuid))
    .with_for_update(read=True)
)


async def keep_tree(db: Connection, *, city_id: UUID) -> None:
    """Let no unit of a city be moved, merged or closed until the transaction ends.

    Whoever reorganises ends the tokens of all who are concerned before the units change, and does not
    see who becomes concerned meanwhile; taken before anything else.
    """
    await db.one(_HOLD_CITY, city_id=city_id)


def check_within_bureau(network: Mapping[str, Any], unit: Row) -> None:
    """Refuse a unit outside the bureau in charge of the network."""
    if network["county_id"] not in {unit["county_id"], unit["city_id"]}:
        raise NetworkOutsideBureau


async def create_network(db: Connection, actor: Actor, *, new: NewNetwork, now: datetime) -> Row:
    """Set up a network for a bureau or a school that the actor administers; it has no members yet."""
    write = Permission.NETWORK_WRITE
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    is_school = unit["level"] == Level.SCHOOL
    if is_school and new.kind is not NetworkKind.SISTER_SCHOOLS:
        raise NetworkKindOfSchool
    if new.lead_unit_id is not None:
        check_within_bureau(unit, await UNITS.get(db, actor, new.lead_unit_id))
    network_id = new_id()
    row = {
        "id": network_id,
        **new.model_dump(include=set(NetworkFields.model_fields)),
        **place_of(unit),
        "valid_from": new.valid_from or civil_date(now),
        "recorded_at": now,
    }
    await db.insert(Network, row)
    return await NETWORKS.get(db, actor, network_id)


async def update_network(
    db: Connection, actor: Actor, *, network_id: UUID, changes: NetworkChanges
) -> Row:
    """Rename a network, or have another unit lead it."""
    permission = Permission.NETWORK_WRITE
    row = await open_network(db, actor, network_id=network_id, permission=permission, lock=True)
    if changes.lead_unit_id is not None:
        check_within_bureau(row, await UNITS.get(db, actor, changes.lead_unit_id))
    await db.change(Network, network_id, changes.model_dump(exclude_unset=True))
    return await NETWORKS.get(db, actor, network_id)


_DISSOLVE = Statement(
    update(Network)
    .where(col(Network.id) == bindparam("network_id", type_=Uuid))
    .values(valid_to=bindparam("today", type_=Date))
)


async def dissolve_network(db: Connection, actor: Actor, *, network_id: UUID, now: datetime) -> Row:
    """Dissolve a network today; the grants over it end with it, its activities stay its owner's."""
    permission = Permission.NETWORK_WRITE
    row = await open_network(db, actor, network_id=network_id, permission=permission, lock=True)
    today = max(civil_date(now), row["valid_from"])
    await db.run(_DISSOLVE, network_id=network_id, today=today)
    await end_grants_over(db, actor, subject_ids=[network_id], now=now)
    return await NETWORKS.get(db, actor, network_id)
