"""The review of applications by experts over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import demonstration_experts
from app.domain.quality.demonstration_experts import (
    DemonstrationAppraisal,
    DemonstrationExperts,
    DemonstrationExpertView,
    DemonstrationPoints,
    NewDemonstrationPoints,
)
from app.graphql.context import Context
from app.request import now

strawberry.pydantic.type(name="DemonstrationPoints", description=DemonstrationPoints.__doc__)(
    DemonstrationPoints
)
strawberry.pydantic.input(
    name="NewDemonstrationPoints", description=NewDemonstrationPoints.__doc__
)(NewDemonstrationPoints)


@strawberry.pydantic.type(
    name="DemonstrationExpert", description="评审专家 / an expert, and what they said"
)
class DemonstrationExpertNode(DemonstrationExpertView):
    """An expert of one application."""


@strawberry.pydantic.input(name="DemonstrationExperts")
class DemonstrationExpertsInput(DemonstrationExperts):
    """Who is to judge an application."""


@strawberry.pydantic.input(name="DemonstrationAppraisal")
class DemonstrationAppraisalInput(DemonstrationAppraisal):
    """What an expert says."""


@strawberry.type
class DemonstrationExpertQueries:
    """What may be asked about the review of applications by experts."""

    @strawberry.field(description="评审专家 / experts", graphql_type=list[DemonstrationExpertNode])
    async def demonstration_experts(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """Who judges an application and what they said, for the bureau that gives the title."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstration_experts.list_demonstration_experts(
                db, actor, demonstration_id=demonstration_id, now=now()
            )
        )

    @strawberry.field(
        description="本人的评审任务 / what one is to judge",
        graphql_type=list[DemonstrationExpertNode],
    )
    async def own_demonstration_appraisals(
        self,
        info: Info[Context],
    ) -> Any:
        """What the one who asks is to judge, or has judged, the last first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstration_experts.list_own_demonstration_appraisals(db, actor)
        )


@strawberry.type
class DemonstrationExpertMutations:
    """What may be done about the review of applications by experts."""

    @strawberry.mutation(
        description="指派专家 / appoint experts", graphql_type=list[DemonstrationExpertNode]
    )
    async def appoint_demonstration_experts(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        new: DemonstrationExpertsInput,
    ) -> Any:
        """Appoint experts to judge an application; none who belongs to the school."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_experts.appoint_demonstration_experts(
                db, actor, demonstration_id=demonstration_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="评审 / judge an application", graphql_type=DemonstrationExpertNode
    )
    async def appraise_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationAppraisalInput,
    ) -> Any:
        """Judge an application in person as an expert; what is said stays."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_experts.appraise_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said, now=now()
            )
