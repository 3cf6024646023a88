"""Steps of activities over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import steps
from app.domain.training.steps import StepView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Step", description="活动环节 / a step, and how far it has come")
class StepNode(StepView):
    """A step of an activity."""


@strawberry.type
class StepQueries:
    """What may be asked about steps."""

    @strawberry.field(
        description="活动各环节的进展 / the steps of an activity", graphql_type=list[StepNode]
    )
    async def steps(self, info: Info[Context], activity_id: UUID) -> Any:
        """The steps of an activity's form."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: steps.list_steps(db, actor, activity_id=activity_id, now=now())
        )
