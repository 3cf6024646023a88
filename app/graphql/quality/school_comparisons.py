"""Schools compared, over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation.designations import DesignationLevel
from app.domain.quality import school_comparisons
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.school_comparisons import DesignationComparisonView, SchoolInequalityView
from app.graphql.context import Context
from app.request import now


@strawberry.type
class SchoolComparisonQueries:
    """What may be asked when schools are compared."""

    @strawberry.field(
        description="校际差距 / how unequally a count is spread", graphql_type=SchoolInequalityView
    )
    async def school_inequality(
        self,
        info: Info[Context],
        unit_id: UUID,
        measure: IndicatorMeasure,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """How unequally a count is spread over the open schools of a place: Gini, and the fifths."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: school_comparisons.get_school_inequality(
                db, actor, unit_id=unit_id, measure=measure, now=now(), since=since, until=until
            )
        )

    @strawberry.field(
        description="命名学校与其他学校 / designated schools and the others",
        graphql_type=list[DesignationComparisonView],
    )
    async def designation_comparison(
        self,
        info: Info[Context],
        unit_id: UUID,
        measure: IndicatorMeasure,
        since: date | None = None,
        until: date | None = None,
        level: DesignationLevel | None = None,
    ) -> Any:
        """A measure of the schools that bear a title and of those that do not, each with its base."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: school_comparisons.list_designation_comparison(
                db, actor, unit_id=unit_id, measure=measure, now=now(), since=since, until=until,
                level=level,
            )
        )  # fmt: skip
