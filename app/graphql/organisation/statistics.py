"""Yearly statistics over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import statistics, units
from app.domain.organisation.statistics import (
    Measure,
    NewStatistic,
    StatisticLineView,
    StatisticRateView,
    StatisticView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(statistics.STATISTICS, name="Statistic", description="年度统计数据 / a stated figure")
class StatisticNode(Node, StatisticView):
    """A figure with its edge."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="填报单位 / unit that stated it",
    )


@strawberry.pydantic.type(name="StatisticLine", description="指标对照 / one measure, compared")
class StatisticLineNode(StatisticLineView):
    """One measure of a unit, compared."""


@strawberry.pydantic.type(name="StatisticRate", description="比率 / a rate with both its figures")
class StatisticRateNode(StatisticRateView):
    """A rate with both its figures."""


@strawberry.pydantic.input(name="NewStatistic")
class NewStatisticInput(NewStatistic):
    """A figure to be stated."""


@strawberry.type
class StatisticQueries:
    """What may be asked about statistics."""

    @strawberry.field(description="一项统计数据 / one figure", graphql_type=StatisticNode)
    async def statistic(self, info: Info[Context], id: UUID) -> Any:
        """One figure."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: statistics.get_statistic(db, actor, statistic_id=id)
        )

    @strawberry.field(description="统计数据 / figures", graphql_type=Connection[StatisticNode])
    async def statistics(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        county_id: UUID | None = None,
        school_year: int | None = None,
        measure: Measure | None = None,
        known_on: date | None = None,
    ) -> Any:
        """A page of figures."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: statistics.list_statistics(
                db, actor, page=page, unit_id=unit_id, county_id=county_id,
                school_year=school_year, measure=measure, known_on=known_on,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="指标对照：填报、汇总、登记 / measures, compared",
        graphql_type=list[StatisticLineNode],
    )
    async def statistic_lines(
        self,
        info: Info[Context],
        unit_id: UUID,
        school_year: int | None = None,
        known_on: date | None = None,
    ) -> Any:
        """Every measure of a unit, compared."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: statistics.list_statistic_lines(
                db, actor, unit_id=unit_id, now=now(), school_year=school_year, known_on=known_on
            )
        )

    @strawberry.field(description="比率 / rates", graphql_type=list[StatisticRateNode])
    async def statistic_rates(
        self,
        info: Info[Context],
        unit_id: UUID,
        school_year: int | None = None,
        known_on: date | None = None,
    ) -> Any:
        """Every rate of a unit's figures."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: statistics.list_statistic_rates(
                db, actor, unit_id=unit_id, now=now(), school_year=school_year, known_on=known_on
            )
        )


@strawberry.type
class StatisticMutations:
    """What may be done with statistics."""

    @strawberry.mutation(description="填报 / state a figure", graphql_type=StatisticNode)
    async def state_statistic(
        self, info: Info[Context], unit_id: UUID, new: NewStatisticInput
    ) -> Any:
        """State a figure of a unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await statistics.state_statistic(db, actor, unit_id=unit_id, new=new, now=now())

    @strawberry.mutation(description="审核 / confirm a figure", graphql_type=StatisticNode)
    async def confirm_statistic(self, info: Info[Context], statistic_id: UUID) -> Any:
        """Confirm a figure that somebody else stated."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await statistics.confirm_statistic(
                db, actor, statistic_id=statistic_id, now=now()
            )
