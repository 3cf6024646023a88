"""Destinations of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import destinations
from app.domain.training.destinations import DestinationView, NewDestination
from app.graphql.context import Context
from app.graphql.nodes import Node, node


@node(destinations.DESTINATIONS, name="Destination", description="考察地点 / a destination")
class DestinationNode(Node, DestinationView):
    """A place to which an activity leads."""


@strawberry.pydantic.input(name="NewDestination")
class NewDestinationInput(NewDestination):
    """A destination to be added."""


@strawberry.type
class DestinationQueries:
    """What may be asked about destinations."""

    @strawberry.field(
        description="活动的考察地点 / where an activity leads", graphql_type=list[DestinationNode]
    )
    async def destinations(self, info: Info[Context], activity_id: UUID) -> Any:
        """Where an activity leads."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: destinations.list_destinations(db, actor, activity_id=activity_id)
        )


@strawberry.type
class DestinationMutations:
    """What may be done with destinations."""

    @strawberry.mutation(description="添加考察地点 / add a place", graphql_type=DestinationNode)
    async def add_destination(
        self, info: Info[Context], activity_id: UUID, new: NewDestinationInput
    ) -> Any:
        """Add a place to an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await destinations.add_destination(db, actor, activity_id=activity_id, new=new)

    @strawberry.mutation(description="移除考察地点 / remove a place", graphql_type=DestinationNode)
    async def remove_destination(self, info: Info[Context], destination_id: UUID) -> Any:
        """Take a place out of an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await destinations.remove_destination(db, actor, destination_id=destination_id)
