"""Participation in topics over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import topic_participation
from app.domain.learning.topic_participation import TopicParticipation
from app.graphql.context import Context


@strawberry.pydantic.type(
    name="TopicParticipation",
    description="课题参与面 / how many of all teachers of a unit take part in topics",
)
class TopicParticipationNode(TopicParticipation):
    """How many of all teachers of a unit take part in topics."""


@strawberry.type
class TopicParticipationQueries:
    """What may be asked about participation in topics."""

    @strawberry.field(
        description="课题参与面 / how many of all teachers take part in topics",
        graphql_type=list[TopicParticipationNode],
    )
    async def topic_participation(
        self, info: Info[Context], unit_id: UUID, since: date, until: date
    ) -> Any:
        """How many of all teachers take part: the sum first, then each unit directly below."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: topic_participation.list_topic_participation(
                db, actor, unit_id=unit_id, since=since, until=until
            )
        )
