"""Explanations of entries over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import explanations
from app.domain.credits.explanations import ExplanationView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Explanation", description="学分说明 / why an entry counts so much")
class ExplanationNode(ExplanationView):
    """The steps from an entry to what of it counts."""


@strawberry.type
class ExplanationQueries:
    """What may be asked about why an entry counts."""

    @strawberry.field(description="学分说明 / an explanation", graphql_type=ExplanationNode)
    async def explanation(
        self,
        info: Info[Context],
        entry_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
        pack: UUID | None = None,
    ) -> Any:
        """Why an entry counts as much as it does."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: explanations.get_explanation(
                db,
                actor,
                entry_id=entry_id,
                now=now(),
                as_of=as_of,
                known_on=known_on,
                pack_key=pack,
            )
        )
