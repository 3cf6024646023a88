"""Results of a teacher's school year over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import year_results
from app.domain.quality.year_results import (
    YearAssessment,
    YearChecklist,
    YearIncentive,
    YearResultView,
)
from app.graphql.context import Context
from app.request import now

# What stands within has no edges: these are the types themselves.
strawberry.pydantic.type(name="YearAssessment", description=YearAssessment.__doc__)(YearAssessment)
strawberry.pydantic.type(name="YearIncentive", description=YearIncentive.__doc__)(YearIncentive)
strawberry.pydantic.type(name="YearChecklist", description=YearChecklist.__doc__)(YearChecklist)


@strawberry.pydantic.type(
    name="YearResult", description="学年考核结果 / what a school year gave a teacher"
)
class YearResultNode(YearResultView):
    """What a school year gave one teacher."""


@strawberry.type
class YearResultQueries:
    """What may be asked: results of a teacher's school year."""

    @strawberry.field(
        description="全校学年考核结果 / results of a school", graphql_type=list[YearResultNode]
    )
    async def year_results(
        self, info: Info[Context], unit_id: UUID, school_year: int | None = None
    ) -> Any:
        """What a school year gave each teacher of a school, by name."""
        actor = info.context.actor
        # Not with the reads of the request, which are read-only: of a penalty a look is left.
        async with info.context.transaction() as db:
            return await year_results.list_year_results(
                db, actor, unit_id=unit_id, school_year=school_year, now=now()
            )

    @strawberry.field(
        description="教师学年考核结果 / a teacher's results", graphql_type=YearResultNode
    )
    async def year_result(
        self, info: Info[Context], teacher_id: UUID, school_year: int | None = None
    ) -> Any:
        """What a school year gave one teacher; teachers see their own."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await year_results.get_year_result(
                db, actor, teacher_id=teacher_id, school_year=school_year, now=now()
            )
