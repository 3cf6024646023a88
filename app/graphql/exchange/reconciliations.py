"""Reconciliations with the province over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import reconciliations
from app.domain.exchange.reconciliations import (
    DifferenceView,
    DisagreementKind,
    NewReconciliation,
    ReconciliationView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    reconciliations.RECONCILIATIONS,
    name="Reconciliation",
    description="省平台对账 / both sides compared",
)
class ReconciliationNode(Node, ReconciliationView):
    """A reconciliation with the province."""


@node(
    reconciliations.DIFFERENCES,
    name="ReconciliationDifference",
    description="对账差异 / what does not agree",
)
class ReconciliationDifferenceNode(Node, DifferenceView):
    """One difference of a reconciliation."""


@strawberry.pydantic.input(name="NewReconciliation")
class NewReconciliationInput(NewReconciliation):
    """Whose records are to be compared."""


@strawberry.type
class ReconciliationQueries:
    """What may be asked about reconciliations."""

    @strawberry.field(description="一次对账 / one", graphql_type=ReconciliationNode)
    async def reconciliation(self, info: Info[Context], id: UUID) -> Any:
        """One reconciliation."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: reconciliations.get_reconciliation(db, actor, reconciliation_id=id)
        )

    @strawberry.field(
        description="对账列表 / reconciliations", graphql_type=Connection[ReconciliationNode]
    )
    async def reconciliations(
        self, info: Info[Context], first: First = 50, after: After = None, sort: Sort = None
    ) -> Any:
        """A page of reconciliations."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: reconciliations.list_reconciliations(db, actor, page=page),
        )

    @strawberry.field(
        description="对账差异 / what does not agree",
        graphql_type=Connection[ReconciliationDifferenceNode],
    )
    async def reconciliation_differences(
        self,
        info: Info[Context],
        reconciliation_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: DisagreementKind | None = None,
    ) -> Any:
        """A page of what does not agree."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: reconciliations.list_reconciliation_differences(
                db, actor, reconciliation_id=reconciliation_id, page=page, kind=kind
            ),
        )


@strawberry.type
class ReconciliationMutations:
    """What may be done about reconciliations."""

    @strawberry.mutation(description="发起对账 / compare", graphql_type=ReconciliationNode)
    async def start_reconciliation(self, info: Info[Context], new: NewReconciliationInput) -> Any:
        """Have both sides compared."""
        async with info.context.transaction() as db:
            return await reconciliations.start_reconciliation(
                db, info.context.actor, new=new, now=now()
            )
