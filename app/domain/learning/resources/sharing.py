"""Letting a resource go further: asking for it, and deciding on what was asked."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import TODAY, Command, holds_on
from app.domain.errors import Conflict, Unfit
from app.domain.learning.resources.resource import RESOURCES
from app.domain.learning.resources.table import Resource
from app.domain.learning.resources.vocabulary import ResourceSharing
from app.domain.learning.resources.writing import open_resource
from app.domain.organisation.networks import NETWORKS, Network, NetworkMember
from app.sql import Connection, Row, Statement

_FURTHER = list(ResourceSharing)
_NOT_ASKED: dict[str, Any] = {
    "asked_sharing": None, "asked_network_id": None, "asked_at": None, "asked_by": None,
}  # fmt: skip


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
    if _is_less(resource, new.sharing, place) or await _decides(db, actor, resource, place):
        await db.change(Resource, resource_id, to_all | _NOT_ASKED)
    else:
        asked = {
            "asked_sharing": new.sharing, "asked_network_id": new.network_id, "asked_at": now,
            "asked_by": actor.account_id,
        }  # fmt: skip
        await db.change(Resource, resource_id, asked)
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
    select(col(Resource.asked_by), col(Resource.asked_network_id)).where(
        col(Resource.id) == bindparam("resource_id", type_=Uuid)
    )
)


async def decide_resource_sharing(
    db: Connection, actor: Actor, *, resource_id: UUID, decision: ResourceDecision
) -> Row:
    """Decide whether a resource may go as far as was asked."""
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
    if by_oneself or asked["asked_by"] in actor.accounts:
        raise ResourceOfOneself
    changes = _NOT_ASKED | {"opinion": decision.opinion}
    if decision.agreed:
        changes |= {
            "sharing": resource["asked_sharing"], "network_id": asked["asked_network_id"],
        }  # fmt: skip
    await db.change(Resource, resource_id, changes)
    return await RESOURCES.get(db, actor, resource_id)
