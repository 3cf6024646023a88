"""Appropriations over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import appropriations
from app.domain.quality.appropriations import (
    AppropriationKind,
    AppropriationState,
    AppropriationView,
    NewAppropriation,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.quality.budgets import FundsOpinionInput
from app.request import now


@node(
    appropriations.APPROPRIATIONS, name="Appropriation", description="资金拨付 / an appropriation"
)
class AppropriationNode(Node, AppropriationView):
    """An appropriation."""


@strawberry.pydantic.input(name="NewAppropriation")
class NewAppropriationInput(NewAppropriation):
    """Money to be sent."""


@strawberry.type
class AppropriationQueries:
    """What may be asked: appropriations."""

    @strawberry.field(
        description="拨付列表 / appropriations", graphql_type=Connection[AppropriationNode]
    )
    async def appropriations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        from_line_id: UUID | None = None,
        to_line_id: UUID | None = None,
        kind: AppropriationKind | None = None,
        state: AppropriationState | None = None,
    ) -> Any:
        """The appropriations of the units whose funds one may see (`created`, `amount`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: appropriations.list_appropriations(
                db,
                actor,
                page=page,
                from_line_id=from_line_id,
                to_line_id=to_line_id,
                kind=kind,
                state=state,
            ),
        )

    @strawberry.field(description="一笔拨付 / one appropriation", graphql_type=AppropriationNode)
    async def appropriation(self, info: Info[Context], id: UUID) -> Any:
        """One appropriation."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: appropriations.get_appropriation(db, actor, appropriation_id=id)
        )


@strawberry.type
class AppropriationMutations:
    """What may be done: appropriations."""

    @strawberry.mutation(description="拨付资金 / send money", graphql_type=AppropriationNode)
    async def appropriate_funds(self, info: Info[Context], new: NewAppropriationInput) -> Any:
        """Send money one level down, back up, or into the next year."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await appropriations.appropriate_funds(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="确认收到拨款 / acknowledge money", graphql_type=AppropriationNode
    )
    async def acknowledge_appropriation(self, info: Info[Context], appropriation_id: UUID) -> Any:
        """Say that money has come: it is there to be spent."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await appropriations.acknowledge_appropriation(
                db, actor, appropriation_id=appropriation_id, now=now()
            )

    @strawberry.mutation(description="退回拨款 / send money back", graphql_type=AppropriationNode)
    async def return_appropriation(
        self, info: Info[Context], appropriation_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Send money back to the line that it came from, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await appropriations.return_appropriation(
                db, actor, appropriation_id=appropriation_id, opinion=opinion, now=now()
            )
