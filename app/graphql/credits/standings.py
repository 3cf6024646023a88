"""Standings over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import standings
from app.domain.credits.standings import StandingFields, StandingView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Standing", description="学分状况 / a standing with every reason")
class StandingNode(StandingView):
    """A standing in full, counted from the ledger."""


@strawberry.pydantic.type(name="ShortStanding", description="学分状况摘要 / a standing in short")
class ShortStandingNode(StandingFields):
    """A standing as it is stored."""


@strawberry.type
class StandingQueries:
    """What may be asked about standings."""

    @strawberry.field(
        description="教师的学分状况 / a teacher's standing", graphql_type=StandingNode
    )
    async def standing(
        self,
        info: Info[Context],
        teacher_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
        pack: UUID | None = None,
    ) -> Any:
        """A teacher's standing."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: standings.get_standing(
                db,
                actor,
                teacher_id=teacher_id,
                now=now(),
                as_of=as_of,
                known_on=known_on,
                pack_key=pack,
            )
        )
