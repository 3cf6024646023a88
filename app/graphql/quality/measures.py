"""Measures over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import measures
from app.domain.quality.measures import IndicatorMeasure, IndicatorMeasureView, MeasuredView
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.quality.reports import FigureRowNode
from app.request import now


@strawberry.pydantic.type(
    name="IndicatorMeasureMeaning", description="计量项及其口径 / a measure and what it counts"
)
class IndicatorMeasureNode(IndicatorMeasureView):
    """A measure."""


@strawberry.pydantic.type(
    name="MeasuredValue", description="计量结果及其基数 / a value with what it was computed from"
)
class MeasuredNode(MeasuredView):
    """A measure of one unit."""


@strawberry.type
class MeasureQueries:
    """What may be asked about measures."""

    @strawberry.field(
        description="全部计量项 / all measures", graphql_type=list[IndicatorMeasureNode]
    )
    async def indicator_measures(self, info: Info[Context]) -> Any:
        """All measures that a sheet can name."""
        actor = info.context.actor
        return await info.context.read(lambda db: measures.list_indicator_measures(db, actor))

    @strawberry.field(
        description="某单位的全部计量结果 / all measures of one unit",
        graphql_type=list[MeasuredNode],
    )
    async def unit_measures(
        self,
        info: Info[Context],
        unit_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """All measures of one unit with all below it, over at most a year."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: measures.list_unit_measures(
                db, actor, unit_id=unit_id, now=now(), since=since, until=until
            )
        )

    @strawberry.field(
        description="各校的某项计量结果 / one measure of each school of a place",
        graphql_type=list[MeasuredNode],
    )
    async def measured_schools(
        self,
        info: Info[Context],
        unit_id: UUID,
        measure: IndicatorMeasure,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """One measure of each open school of a place, by name."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: measures.list_measured_schools(
                db, actor, unit_id=unit_id, measure=measure, now=now(), since=since, until=until
            )
        )

    @strawberry.field(
        description="计量项的明细 / rows behind a measure", graphql_type=Connection[FigureRowNode]
    )
    async def measure_rows(
        self,
        info: Info[Context],
        unit_id: UUID,
        measure: IndicatorMeasure,
        since: date,
        until: date,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        as_of: date | None = None,
        whole: bool | None = None,
    ) -> Any:
        """The rows behind a measure of a unit with all below it, as they are now (`id`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: measures.list_measure_rows(
                db, actor, unit_id=unit_id, measure=measure, since=since, until=until, page=page,
                now=now(), as_of=as_of, whole=bool(whole),
            ),
        )  # fmt: skip
