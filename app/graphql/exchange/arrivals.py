"""Arrivals from the province over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import arrivals
from app.domain.exchange.arrivals import (
    ArrivalDecision,
    ArrivalKind,
    ArrivalState,
    ArrivalView,
    NewArrival,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(arrivals.ARRIVALS, name="Arrival", description="省平台来件 / what the province told")
class ArrivalNode(Node, ArrivalView):
    """An arrival from the province."""


@strawberry.pydantic.input(name="NewArrival")
class NewArrivalInput(NewArrival):
    """What the province tells of one person."""


@strawberry.pydantic.input(name="ArrivalDecision")
class ArrivalDecisionInput(ArrivalDecision):
    """What the bureau does with it."""


@strawberry.type
class ArrivalQueries:
    """What may be asked about arrivals."""

    @strawberry.field(description="一件来件 / one arrival", graphql_type=ArrivalNode)
    async def arrival(self, info: Info[Context], id: UUID) -> Any:
        """One arrival."""
        actor = info.context.actor
        return await info.context.read(lambda db: arrivals.get_arrival(db, actor, arrival_id=id))

    @strawberry.field(description="来件列表 / arrivals", graphql_type=Connection[ArrivalNode])
    async def arrivals(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ArrivalKind | None = None,
        state: ArrivalState | None = None,
        matched: bool | None = None,
    ) -> Any:
        """A page of arrivals."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: arrivals.list_arrivals(
                db, actor, page=page, kind=kind, state=state, matched=matched
            ),
        )


@strawberry.type
class ArrivalMutations:
    """What may be done with arrivals."""

    @strawberry.mutation(description="省平台来件 / hand one in", graphql_type=ArrivalNode)
    async def hand_in_arrival(self, info: Info[Context], new: NewArrivalInput) -> Any:
        """What the province itself tells of one person."""
        async with info.context.transaction() as db:
            return await arrivals.hand_in_arrival(
                db, info.context.actor, new=new, cipher=info.context.held.cipher, now=now()
            )

    @strawberry.mutation(description="办理来件 / settle one", graphql_type=ArrivalNode)
    async def settle_arrival(
        self, info: Info[Context], arrival_id: UUID, decision: ArrivalDecisionInput
    ) -> Any:
        """Take an arrival or dismiss it."""
        async with info.context.transaction() as db:
            return await arrivals.settle_arrival(
                db, info.context.actor, arrival_id=arrival_id, decision=decision, now=now()
            )
