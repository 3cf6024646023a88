"""Research totals over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import research_totals
from app.domain.learning.research_totals import NewTopicTarget, ResearchTotal, TopicTargetView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(
    name="ResearchTotal", description="科研统计 / what a unit has of research"
)
class ResearchTotalNode(ResearchTotal):
    """What a unit has of research."""


@strawberry.pydantic.type(
    name="TopicTarget", description="课题发展目标 / topics that a unit set out to have"
)
class TopicTargetNode(TopicTargetView):
    """What a unit set out to have."""


@strawberry.pydantic.input(name="NewTopicTarget")
class NewTopicTargetInput(NewTopicTarget):
    """How many topics of a level a unit means to have in a year."""


@strawberry.type
class ResearchTotalQueries:
    """What may be asked about research totals."""

    @strawberry.field(
        description="科研统计 / what units have of research", graphql_type=list[ResearchTotalNode]
    )
    async def research_totals(
        self, info: Info[Context], unit_id: UUID, since: date, until: date
    ) -> Any:
        """What a unit and those below it have of topics and outputs in a period, the sum first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: research_totals.list_research_totals(
                db, actor, unit_id=unit_id, since=since, until=until
            )
        )

    @strawberry.field(
        description="课题发展目标 / what a unit set out to have of topics",
        graphql_type=list[TopicTargetNode],
    )
    async def topic_targets(self, info: Info[Context], unit_id: UUID) -> Any:
        """What a unit set out to have of topics, year by year, and what it has."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: research_totals.list_topic_targets(db, actor, unit_id=unit_id)
        )


@strawberry.type
class ResearchTotalMutations:
    """What may be done about research totals."""

    @strawberry.mutation(
        description="设定课题目标 / set a target", graphql_type=list[TopicTargetNode]
    )
    async def set_topic_target(
        self, info: Info[Context], unit_id: UUID, new: NewTopicTargetInput
    ) -> Any:
        """Set out how many topics of a level a unit means to have in a year."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await research_totals.set_topic_target(
                db, actor, unit_id=unit_id, new=new, now=now()
            )
