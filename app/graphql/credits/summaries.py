"""Summaries of credit over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import summaries
from app.domain.credits.summaries import ComplianceView, CreditSummaryView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@strawberry.pydantic.type(name="CreditSummary", description="学分汇总 / the credit of a unit")
class CreditSummaryNode(CreditSummaryView):
    """The credit of a unit and all below it."""


@strawberry.pydantic.type(name="Compliance", description="达标情况 / how far a unit has met it")
class ComplianceNode(ComplianceView):
    """One line of a compliance list."""


@strawberry.type
class CreditSummaryQueries:
    """What may be asked about the credit of units."""

    @strawberry.field(description="单位学分汇总 / credit of a unit", graphql_type=CreditSummaryNode)
    async def credit_summary(self, info: Info[Context], unit_id: UUID) -> Any:
        """The credit of one unit and all below it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: summaries.get_credit_summary(db, actor, unit_id=unit_id)
        )

    @strawberry.field(
        description="下级单位达标情况 / compliance of the units below one",
        graphql_type=Connection[ComplianceNode],
    )
    async def compliance(
        self,
        info: Info[Context],
        unit_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of how far the units directly below one have met what is asked."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: summaries.list_compliance(db, actor, unit_id=unit_id, page=page),
        )
