"""Occurrences of sessions over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import occurrences
from app.domain.training.occurrences import OccurrenceView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Occurrence", description="重复场次 / one occurrence of a session")
class OccurrenceNode(OccurrenceView):
    """One occurrence of a session."""


@strawberry.type
class OccurrenceQueries:
    """What may be asked about occurrences."""

    @strawberry.field(
        description="活动的重复场次 / its sessions that take place several times",
        graphql_type=list[OccurrenceNode],
    )
    async def occurrences(self, info: Info[Context], activity_id: UUID) -> Any:
        """The sessions of an activity that take place several times."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: occurrences.list_occurrences(db, actor, activity_id=activity_id)
        )


@strawberry.type
class OccurrenceMutations:
    """What may be done with occurrences."""

    @strawberry.mutation(
        description="选择场次 / choose one to attend", graphql_type=list[OccurrenceNode]
    )
    async def choose_occurrence(self, info: Info[Context], session_id: UUID) -> Any:
        """Choose which occurrence of a session to attend."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await occurrences.choose_occurrence(db, actor, session_id=session_id, now=now())
