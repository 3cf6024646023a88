"""Reports of the funds over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import fund_reports
from app.domain.quality.fund_reports import (
    FundEfficiencyView,
    FundExecutionView,
    FundGuaranteeView,
    SpentPerCredit,
    SpentPerPerson,
    SpentPerPersonTime,
)
from app.graphql.context import Context

strawberry.pydantic.type(
    name="SpentPerPersonTime", description="每人次支出 / money per attendance"
)(SpentPerPersonTime)
strawberry.pydantic.type(name="SpentPerPerson", description="每人支出 / money per person")(
    SpentPerPerson
)
strawberry.pydantic.type(name="SpentPerCredit", description="每学分支出 / money per credit")(
    SpentPerCredit
)


@strawberry.pydantic.type(name="FundExecution", description="预算执行 / execution of budgets")
class FundExecutionNode(FundExecutionView):
    """What became of the money of one level, class and earmark."""


@strawberry.pydantic.type(name="FundGuarantee", description="经费保障 / promised and received")
class FundGuaranteeNode(FundGuaranteeView):
    """What one bureau promised, and what was received."""


@strawberry.pydantic.type(name="FundEfficiency", description="经费使用效益 / efficiency")
class FundEfficiencyNode(FundEfficiencyView):
    """What the money came to."""


@strawberry.type
class FundReportQueries:
    """What may be asked: reports of the funds."""

    @strawberry.field(
        description="预算执行 / execution of budgets", graphql_type=list[FundExecutionNode]
    )
    async def fund_execution(self, info: Info[Context], unit_id: UUID, year: int) -> Any:
        """What became of the budgets of a unit and of all below it, by level, class and earmark."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: fund_reports.list_fund_execution(db, actor, unit_id=unit_id, year=year)
        )

    @strawberry.field(
        description="经费保障 / promised and received", graphql_type=list[FundGuaranteeNode]
    )
    async def fund_guarantees(self, info: Info[Context], unit_id: UUID, year: int) -> Any:
        """What bureaus promised the units of a place for a year, and what of it was received."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: fund_reports.list_fund_guarantees(db, actor, unit_id=unit_id, year=year)
        )

    @strawberry.field(
        description="经费使用效益 / efficiency of the funds", graphql_type=FundEfficiencyNode
    )
    async def fund_efficiency(self, info: Info[Context], unit_id: UUID, year: int) -> Any:
        """What was spent on activities in a year, per attendance, per person and per credit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: fund_reports.get_fund_efficiency(db, actor, unit_id=unit_id, year=year)
        )
