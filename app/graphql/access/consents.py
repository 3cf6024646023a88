"""Consents over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.access import consents
from app.domain.access.consents import ConsentView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Consent", description="应用授权 / an application one has allowed")
class ConsentNode(ConsentView):
    """An application that one has allowed."""


@strawberry.type
class ConsentQueries:
    """What may be asked about one's consents."""

    @strawberry.field(
        description="本人允许的应用 / applications one has allowed", graphql_type=list[ConsentNode]
    )
    async def consents(self, info: Info[Context]) -> Any:
        """The applications that one has allowed."""
        actor = info.context.actor
        return await info.context.read(lambda db: consents.list_consents(db, actor))


@strawberry.type
class ConsentMutations:
    """What may be done with one's consents."""

    @strawberry.mutation(description="撤回应用授权 / take a consent back", graphql_type=ConsentNode)
    async def revoke_consent(self, info: Info[Context], consent_id: UUID) -> Any:
        """Take a consent back."""
        async with info.context.transaction() as db:
            return await consents.revoke_consent(
                db, info.context.actor, consent_id=consent_id, now=now()
            )
