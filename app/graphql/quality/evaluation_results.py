"""Results of a school year over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import evaluation_results
from app.domain.quality.evaluation_results import EvaluationResultView
from app.graphql.context import Context


@strawberry.pydantic.type(
    name="YearlyEvaluationResult", description="年度评估结果 / a result of a school year"
)
class EvaluationResultNode(EvaluationResultView):
    """What one evaluation said of one unit."""


@strawberry.type
class EvaluationResultQueries:
    """What may be asked about the results of a school year."""

    @strawberry.field(
        description="年度评估结果 / results of a school year",
        graphql_type=list[EvaluationResultNode],
    )
    async def evaluation_results(self, info: Info[Context], unit_id: UUID, school_year: int) -> Any:
        """The published results of a unit and all below it."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evaluation_results.list_evaluation_results(
                db, actor, unit_id=unit_id, school_year=school_year
            )
        )
