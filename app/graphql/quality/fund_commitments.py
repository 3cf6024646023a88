"""Commitments over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import budgets, fund_commitments
from app.domain.quality.fund_commitments import FundCommitmentView, NewFundCommitment
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.quality.budgets import BudgetLineNode, FundsOpinionInput
from app.request import now


@node(
    fund_commitments.FUND_COMMITMENTS, name="FundCommitment", description="经费预留 / a commitment"
)
class FundCommitmentNode(Node, FundCommitmentView):
    """A commitment."""

    line = edge(
        budgets.budget_lines_by_id,
        BudgetLineNode,
        many=False,
        keys="line_ids",
        key="line_id",
        description="预算科目 / line of the budget",
    )


@strawberry.pydantic.input(name="NewFundCommitment")
class NewFundCommitmentInput(NewFundCommitment):
    """Money to be set aside."""


@strawberry.type
class FundCommitmentQueries:
    """What may be asked: commitments."""

    @strawberry.field(
        description="预留列表 / commitments", graphql_type=Connection[FundCommitmentNode]
    )
    async def fund_commitments(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        line_id: UUID | None = None,
        activity_id: UUID | None = None,
        topic_id: UUID | None = None,
        output_id: UUID | None = None,
        released: bool | None = None,
    ) -> Any:
        """The commitments of the units whose funds one may see (`created`, `amount`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: fund_commitments.list_fund_commitments(
                db,
                actor,
                page=page,
                line_id=line_id,
                activity_id=activity_id,
                topic_id=topic_id,
                output_id=output_id,
                released=released,
            ),
        )

    @strawberry.field(description="一笔预留 / one commitment", graphql_type=FundCommitmentNode)
    async def fund_commitment(self, info: Info[Context], id: UUID) -> Any:
        """One commitment, with what is left of it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: fund_commitments.get_fund_commitment(db, actor, commitment_id=id)
        )


@strawberry.type
class FundCommitmentMutations:
    """What may be done: commitments."""

    @strawberry.mutation(description="预留资金 / set money aside", graphql_type=FundCommitmentNode)
    async def commit_funds(
        self, info: Info[Context], line_id: UUID, new: NewFundCommitmentInput
    ) -> Any:
        """Set money of a line aside for one purpose."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await fund_commitments.commit_funds(
                db, actor, line_id=line_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="撤销预留 / release a commitment", graphql_type=FundCommitmentNode
    )
    async def release_commitment(
        self, info: Info[Context], commitment_id: UUID, opinion: FundsOpinionInput
    ) -> Any:
        """Let what is left of a commitment be available again, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await fund_commitments.release_commitment(
                db, actor, commitment_id=commitment_id, opinion=opinion, now=now()
            )
