"""Holding an activity again, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import repeating
from app.domain.training.repeating import Repetition
from app.graphql.context import Context
from app.graphql.training.activities import ActivityNode


@strawberry.pydantic.input(name="Repetition")
class RepetitionInput(Repetition):
    """When an activity is held again."""


@strawberry.type
class RepeatingMutations:
    """What may be done to hold an activity again."""

    @strawberry.mutation(description="再次举办 / draft it again", graphql_type=ActivityNode)
    async def repeat_activity(
        self, info: Info[Context], activity_id: UUID, repetition: RepetitionInput
    ) -> Any:
        """Draft an activity again on other days."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await repeating.repeat_activity(
                db, actor, activity_id=activity_id, repetition=repetition
            )
