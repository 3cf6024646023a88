"""Networks of schools over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import network_members, networks, units
from app.domain.organisation.networks import (
    NetworkChanges,
    NetworkKind,
    NetworkView,
    NewNetwork,
)
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    networks.NETWORKS,
    name="Network",
    description="片区、联校、学区、联盟、姊妹学校 / a network of schools",
)
class NetworkNode(Node, NetworkView):
    """A network with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / the owner, null where the actor may not see it",
    )
    lead_unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="lead_unit_id",
        description="牵头单位 / the unit that leads it, null where the actor may not see it",
    )
    members = edge(
        network_members.network_members_of,
        lazy("app.graphql.organisation.network_members", "NetworkMemberNode"),
        many=True,
        keys="network_ids",
        description="现成员校 / today's member schools, by name",
    )
    activities = paged_edge(
        activities.activities_of_networks,
        lazy("app.graphql.training.activities", "ActivityNode"),
        keys="network_ids",
        first=20,
        description="组织的活动 / activities that it organises, the latest first",
    )


@strawberry.pydantic.input(name="NewNetwork")
class NewNetworkInput(NewNetwork):
    """A network to be set up."""


@strawberry.pydantic.input(name="NetworkChanges")
class NetworkChangesInput(NetworkChanges):
    """What of a network is to be changed."""


@strawberry.type
class NetworkQueries:
    """What may be asked about networks."""

    @strawberry.field(description="一个片区、联校、学区 / one network", graphql_type=NetworkNode)
    async def network(self, info: Info[Context], id: UUID) -> Any:
        """One network."""
        actor = info.context.actor
        return await info.context.read(lambda db: networks.get_network(db, actor, network_id=id))

    @strawberry.field(
        description="片区、联校、学区列表 / networks", graphql_type=Connection[NetworkNode]
    )
    async def networks(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        unit_id: UUID | None = None,
        member_id: UUID | None = None,
        kind: NetworkKind | None = None,
    ) -> Any:
        """A page of networks."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: networks.list_networks(
                db, actor, page=page, now=now(), as_of=as_of, unit_id=unit_id,
                member_id=member_id, kind=kind,
            ),
        )  # fmt: skip


@strawberry.type
class NetworkMutations:
    """What may be done with networks."""

    @strawberry.mutation(description="设立 / set up a network", graphql_type=NetworkNode)
    async def create_network(self, info: Info[Context], new: NewNetworkInput) -> Any:
        """Set up a network for a bureau, or for a school and its friends."""
        async with info.context.transaction() as db:
            return await networks.create_network(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(description="修改 / change a network", graphql_type=NetworkNode)
    async def update_network(
        self, info: Info[Context], network_id: UUID, changes: NetworkChangesInput
    ) -> Any:
        """Rename a network or have another unit lead it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await networks.update_network(db, actor, network_id=network_id, changes=changes)

    @strawberry.mutation(description="解散 / dissolve a network", graphql_type=NetworkNode)
    async def dissolve_network(self, info: Info[Context], network_id: UUID) -> Any:
        """Dissolve a network today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await networks.dissolve_network(db, actor, network_id=network_id, now=now())
