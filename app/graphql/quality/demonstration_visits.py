"""Visits to schools that apply for a title over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import demonstration_visits
from app.domain.quality.demonstration_visits import DemonstrationVisitChoice
from app.graphql.context import Context
from app.graphql.organisation.guidance_visits import GuidanceVisitNode
from app.request import now


@strawberry.pydantic.input(name="DemonstrationVisitChoice")
class DemonstrationVisitChoiceInput(DemonstrationVisitChoice):
    """Which visit was made for it."""


@strawberry.type
class DemonstrationVisitQueries:
    """What may be asked about visits to schools that apply for a title."""

    @strawberry.field(description="实地考察 / visits", graphql_type=list[GuidanceVisitNode])
    async def demonstration_visits(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """The visits that were made for an application."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: demonstration_visits.list_demonstration_visits(
                db, actor, demonstration_id=demonstration_id
            )
        )


@strawberry.type
class DemonstrationVisitMutations:
    """What may be done about visits to schools that apply for a title."""

    @strawberry.mutation(description="登记考察 / name a visit", graphql_type=GuidanceVisitNode)
    async def add_demonstration_visit(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        choice: DemonstrationVisitChoiceInput,
    ) -> Any:
        """Name a recorded visit to the school for its application."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstration_visits.add_demonstration_visit(
                db, actor, demonstration_id=demonstration_id, choice=choice, now=now()
            )
