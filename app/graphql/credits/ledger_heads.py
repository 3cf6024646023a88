"""Signed heads of the ledger over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import ledger_heads
from app.domain.credits.ledger_heads import LedgerHeadView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(
    ledger_heads.LEDGER_HEADS,
    name="LedgerHead",
    description="台账日签 / the signed head of a city's ledger on a day",
)
class LedgerHeadNode(Node, LedgerHeadView):
    """A signed head."""


@strawberry.type
class LedgerHeadQueries:
    """What may be asked of the signed heads."""

    @strawberry.field(description="一份台账日签 / one signed head", graphql_type=LedgerHeadNode)
    async def ledger_head(self, info: Info[Context], id: UUID) -> Any:
        """One signed head."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: ledger_heads.get_ledger_head(db, actor, ledger_head_id=id)
        )

    @strawberry.field(
        description="台账日签列表 / signed heads", graphql_type=Connection[LedgerHeadNode]
    )
    async def ledger_heads(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        day: date | None = None,
    ) -> Any:
        """A page of the heads of the city in which one is."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: ledger_heads.list_ledger_heads(db, actor, page=page, day=day),
        )
