"""Letting a resource go further: asking for it, and deciding on what was asked; versions of what is shared."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import Conflict, Unfit
from app.domain.learning.resources.resource import RESOURCES
from app.domain.learning.resources.table import Resource, ResourceVersion
from app.domain.learning.resources.vocabulary import ResourceSharing
from app.domain.learning.resources.writing import (
    NOT_ASKED,
    VersionFields,
    keep_version,
    open_resource,
)
from app.domain.organisation.networks import NETWORKS, Network, NetworkMember
from app.sql import Connection, Row, Statement

_FURTHER = list(ResourceSharing)


class ResourceSharingRequest(Command):
    """How far a resource is to go."""

    sharing: ResourceSharing = Field(description="共享范围 / how far it is to go")
    network_id: UUID | None = Field(
        default=None, description="共享到的片区，仅限片区 / network, if it is to go to one"
    )

    @model_validator(mode="after")
    def _names_its_network(self) -> Self:
        if (self.sharing is ResourceSharing.NETWORK) != (self.network_id is not None):
            raise Unfit("共享到片区须指明片区，其他范围不填。", "Name the network, if it is one.")
        return self


class ResourceDecision(Command):
    """What is said to a resource that is to go further."""

    agreed: bool = Field(description="是否同意 / whether it may")
    opinion: str = Field(min_length=2, max_length=500, description="审核意见 / opinion")


class NewResourceVersion(VersionFields, Command):
    """A version to be added to a resource."""

    changes: str | None = Field(
        default=None, min_length=1, max_length=500, description="改动说明 / what is new in it"
    )


# What can be refused.


class SharingWithoutNetwork(Conflict):
    """A school shares with the networks to which it belongs."""

    code = "resource_outside_network"
    zh = "所属学校目前不在该片区内。"
    en = "The school that keeps it does not belong to that network at present."


class ResourceSharingDecided(Conflict):
    """Nothing waits to be decided of this resource."""

    code = "resource_sharing_decided"
    zh = "该资源没有待审的共享申请。"
    en = "Nothing waits to be decided about the sharing of this resource."


class ResourceOfOneself(Conflict):
    """Nobody decides on what they gave or asked for themselves."""

    code = "resource_of_oneself"
    zh = "不能审核由本人提供或由本人申请共享的资源。"
    en = "Nobody decides on a resource that they gave, or for which they asked themselves."


class ResourceVersionWaits(Conflict):
    """One version after the other: the last one waits to be reviewed."""

    code = "resource_version_waits"
    zh = "第 {number} 版正在等待审核，请等审核后再提交新版本。"
    en = "Version {number} waits to be reviewed: add another one after that."


# What may be done.

_BUREAU_OF = Statement(
    select(col(Network.county_id))
    .join(NetworkMember, col(NetworkMember.network_id) == col(Network.id))
    .where(
        col(Network.id) == bindparam("network_id", type_=Uuid),
        col(NetworkMember.school_id) == bindparam("school_id", type_=Uuid),
        holds_on(NetworkMember, TODAY),
    )
)


async def _place_of_sharing(
    db: Connection, resource: Row, sharing: str, network_id: UUID | None
) -> dict[str, Any]:
    """Where the right to decide must be held: over all to whom it is to go; of a network its bureau's."""
    city_id, bureau_id = resource["city_id"], resource["county_id"]
    if network_id is not None:
        school_id = resource["school_id"]
        bureau_id = await db.value(_BUREAU_OF, network_id=network_id, school_id=school_id)
        if bureau_id is None:
            raise SharingWithoutNetwork
    elif sharing == ResourceSharing.CITY:
        bureau_id = city_id
    return {"city_id": city_id, "county_id": bureau_id}


async def ask_resource_sharing(
    db: Connection, actor: Actor, *, resource_id: UUID, new: ResourceSharingRequest, now: datetime
) -> Row:
    """Let a resource go less far at once, or ask that it go further.

    Whoever decides on such a sharing decides on it by asking, unless it is of what they gave themselves.
    """
    resource = await open_resource(db, actor, resource_id=resource_id)
    if new.network_id is not None:
        await NETWORKS.get(db, actor, new.network_id)
    place = await _place_of_sharing(db, resource, new.sharing, new.network_id)
    to_all = {"sharing": new.sharing, "network_id": new.network_id}
    asked = {
        "asked_sharing": new.sharing, "asked_network_id": new.network_id, "asked_at": now,
        "asked_by": actor.account_id,
    }  # fmt: skip
    decides = await _decides(db, actor, resource, place)
    is_less, waits = _is_less(resource, new.sharing, place), resource["waiting_version"]
    if decides or (is_less and (waits is None or new.sharing is ResourceSharing.SCHOOL)):
        # Within the unit nobody looks at a version first.
        changes = to_all | NOT_ASKED | {"version": waits or resource["version"]}
    else:  # A version that waits goes on waiting, for whoever decides on the lesser sharing.
        changes = asked | (to_all if is_less else {})
    await db.change(Resource, resource_id, changes)
    return await RESOURCES.get(db, actor, resource_id)


def _is_less(resource: Row, sharing: ResourceSharing, place: dict[str, Any]) -> bool:
    """Whether it goes to fewer than now; a network of the city's goes beyond the county."""
    now = ResourceSharing(resource["sharing"])
    if sharing is ResourceSharing.NETWORK and place["county_id"] != resource["county_id"]:
        return now is ResourceSharing.CITY
    return _FURTHER.index(sharing) < _FURTHER.index(now)


async def _decides(db: Connection, actor: Actor, resource: Row, place: dict[str, Any]) -> bool:
    """Whether the actor decides on such a sharing, and the resource is not what they gave."""
    if not actor.scope(Permission.RESOURCE_REVIEW).covers(place):
        return False
    return not await is_oneself(db, actor, teacher_ids=[resource["teacher_id"]])


_ASKED = Statement(
    select(
        col(Resource.asked_by), col(Resource.asked_network_id),
        col(ResourceVersion.id).label("version_id"), col(ResourceVersion.added_by),
    )
    .outerjoin_from(
        Resource,
        ResourceVersion,
        (col(ResourceVersion.resource_id) == col(Resource.id))
        & (col(ResourceVersion.number) == col(Resource.waiting_version)),
    )
    .where(col(Resource.id) == bindparam("resource_id", type_=Uuid))
)  # fmt: skip


async def decide_resource_sharing(
    db: Connection, actor: Actor, *, resource_id: UUID, decision: ResourceDecision, now: datetime
) -> Row:
    """Decide whether a resource may go as far as was asked, and in the version that waits, if one does."""
    review = Permission.RESOURCE_REVIEW
    resource = await open_resource(db, actor, resource_id=resource_id, permission=review)
    if resource["asked_sharing"] is None:
        raise ResourceSharingDecided
    asked = await db.one(_ASKED, resource_id=resource_id)
    assert asked is not None  # noqa: S101  it is locked
    network_id = asked["asked_network_id"] if decision.agreed else None
    place = await _place_of_sharing(db, resource, resource["asked_sharing"], network_id)
    actor.require(review, place)
    by_oneself = await is_oneself(db, actor, teacher_ids=[resource["teacher_id"]])
    if by_oneself or not actor.accounts.isdisjoint((asked["asked_by"], asked["added_by"])):
        raise ResourceOfOneself
    changes = NOT_ASKED | {"opinion": decision.opinion}
    if decision.agreed:
        changes |= {
            "sharing": resource["asked_sharing"], "network_id": asked["asked_network_id"],
            "version": resource["waiting_version"] or resource["version"],
        }  # fmt: skip
    elif asked["version_id"] is not None:
        await db.change(ResourceVersion, asked["version_id"], {"refused_at": now})
    await db.change(Resource, resource_id, changes)
    return await RESOURCES.get(db, actor, resource_id)


_LAST = Statement(
    select(func.max(col(ResourceVersion.number))).where(
        col(ResourceVersion.resource_id) == bindparam("resource_id", type_=Uuid)
    )
)


async def add_resource_version(
    db: Connection, actor: Actor, *, resource_id: UUID, new: NewResourceVersion, now: datetime
) -> Row:
    """Add a version to a resource; those before stay, and links lead to the present one.

    Where the resource is shared beyond its unit the new version waits for whoever decides on that sharing,
    and the present one stays until then; it is at once where the actor is the one who decides.
    """
    resource = await open_resource(db, actor, resource_id=resource_id)
    if resource["waiting_version"] is not None:
        raise ResourceVersionWaits(number=resource["waiting_version"])
    number = await db.value(_LAST, resource_id=resource_id) + 1
    await keep_version(
        db, actor, resource_id=resource_id, number=number, new=new, changes=new.changes, now=now
    )
    sharing, network_id = resource["sharing"], resource["network_id"]
    values: Row = {"version": number}
    if sharing != ResourceSharing.SCHOOL:
        place = await _place_of_sharing(db, resource, sharing, network_id)
        if not await _decides(db, actor, resource, place):
            values = {"waiting_version": number}
            if resource["asked_sharing"] is None:
                values |= {
                    "asked_sharing": sharing, "asked_network_id": network_id, "asked_at": now,
                    "asked_by": actor.account_id,
                }  # fmt: skip
    await db.change(Resource, resource_id, values)
    return await RESOURCES.get(db, actor, resource_id)
