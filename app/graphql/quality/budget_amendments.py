"""Amendments of budgets over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import budget_amendments
from app.domain.quality.budget_amendments import (
    AmendmentState,
    BudgetAmendmentView,
    NewBudgetAmendment,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.quality.budgets import FundsOpinionInput
from app.request import now


@node(
    budget_amendments.BUDGET_AMENDMENTS,
    name="BudgetAmendment",
    description="预算调整 / an amendment of a budget",
)
class BudgetAmendmentNode(Node, BudgetAmendmentView):
    """An amendment of a budget."""


@strawberry.pydantic.input(name="NewBudgetAmendment")
class NewBudgetAmendmentInput(NewBudgetAmendment):
    """An amendment to be proposed."""


@strawberry.type
class BudgetAmendmentQueries:
    """What may be asked: amendments of budgets."""

    @strawberry.field(
        description="预算调整列表 / amendments", graphql_type=Connection[BudgetAmendmentNode]
    )
    async def budget_amendments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        budget_id: UUID | None = None,
        state: AmendmentState | None = None,
    ) -> Any:
        """The amendments of the budgets that one may see (`created`, `effective_on`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: budget_amendments.list_budget_amendments(
                db, actor, page=page, budget_id=budget_id, state=state
            ),
        )

    @strawberry.field(description="一次预算调整 / one amendment", graphql_type=BudgetAmendmentNode)
    async def budget_amendment(self, info: Info[Context], id: UUID) -> Any:
        """One amendment."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: budget_amendments.get_budget_amendment(db, actor, amendment_id=id)
        )


@strawberry.type
class BudgetAmendmentMutations:
    """What may be done: amendments of budgets."""

    @strawberry.mutation(
        description="提出预算调整 / propose an amendment", graphql_type=BudgetAmendmentNode
    )
    async def propose_budget_amendment(
        self, info: Info[Context], budget_id: UUID, new: NewBudgetAmendmentInput
    ) -> Any:
        """Propose that an approved budget be amended from a day on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budget_amendments.propose_budget_amendment(
                db, actor, budget_id=budget_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="批准预算调整 / approve an amendment", graphql_type=BudgetAmendmentNode
    )
    async def approve_budget_amendment(
        self, info: Info[Context], amendment_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Approve an amendment as the unit's superior, on its day or later."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budget_amendments.approve_budget_amendment(
                db, actor, amendment_id=amendment_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(
        description="不批准预算调整 / refuse an amendment", graphql_type=BudgetAmendmentNode
    )
    async def reject_budget_amendment(
        self, info: Info[Context], amendment_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Refuse an amendment, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await budget_amendments.reject_budget_amendment(
                db, actor, amendment_id=amendment_id, opinion=opinion, now=now()
            )
