"""Member schools of networks over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import network_members, units
from app.domain.organisation.network_members import NetworkMemberView, NewNetworkMember
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    network_members.NETWORK_MEMBERS,
    name="NetworkMember",
    description="成员校 / a school as a member of a network",
)
class NetworkMemberNode(Node, NetworkMemberView):
    """A membership with its edge."""

    school = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="school_id",
        description="学校 / the school, null where the actor may not see it",
    )


@strawberry.pydantic.input(name="NewNetworkMember")
class NewNetworkMemberInput(NewNetworkMember):
    """A school to be taken into a network."""


@strawberry.type
class NetworkMemberQueries:
    """What may be asked about member schools."""

    @strawberry.field(
        description="成员校 / member schools", graphql_type=Connection[NetworkMemberNode]
    )
    async def network_members(
        self,
        info: Info[Context],
        network_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """A page of a network's member schools."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: network_members.list_network_members(
                db, actor, network_id=network_id, page=page, now=now(), as_of=as_of,
                known_on=known_on,
            ),
        )  # fmt: skip


@strawberry.type
class NetworkMemberMutations:
    """What may be done with member schools."""

    @strawberry.mutation(description="加入 / take a school in", graphql_type=NetworkMemberNode)
    async def join_network(
        self, info: Info[Context], network_id: UUID, new: NewNetworkMemberInput
    ) -> Any:
        """Take a school into a network."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await network_members.join_network(
                db, actor, network_id=network_id, new=new, now=now()
            )

    @strawberry.mutation(description="退出 / end a membership", graphql_type=NetworkMemberNode)
    async def leave_network(self, info: Info[Context], network_id: UUID, school_id: UUID) -> Any:
        """End a school's membership today."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await network_members.leave_network(
                db, actor, network_id=network_id, school_id=school_id, now=now()
            )
