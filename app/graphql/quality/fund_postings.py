"""Postings over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import fund_postings
from app.domain.quality.budgets import FundEntryKind
from app.domain.quality.fund_postings import FundPostingView
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(
    fund_postings.FUND_POSTINGS, name="FundPosting", description="分录 / a posting of the journal"
)
class FundPostingNode(Node, FundPostingView):
    """A posting of the journal."""


@strawberry.type
class FundPostingQueries:
    """What may be asked: postings."""

    @strawberry.field(
        description="分录列表 / postings of the journal", graphql_type=Connection[FundPostingNode]
    )
    async def fund_postings(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        line_id: UUID | None = None,
        of_budget_id: UUID | None = None,
        kind: FundEntryKind | None = None,
    ) -> Any:
        """The journal of the budgets that one may see, in the order of posting (`posted`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: fund_postings.list_fund_postings(
                db, actor, page=page, line_id=line_id, of_budget_id=of_budget_id, kind=kind
            ),
        )
