"""Results of a school year over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.quality import evaluation_results
from app.domain.quality.evaluation_results import EvaluationResultView
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/units/{unit_id}/evaluation-results",
    operation_id="list_evaluation_results",
    response_model=list[EvaluationResultView],
)
async def list_evaluation_results(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    school_year: Annotated[int, Query(description="学年（起始年） / school year")],
) -> Response:
    """The published results of a unit and all below it in a school year, for the annual assessment."""
    rows = await evaluation_results.list_evaluation_results(
        db, actor, unit_id=unit_id, school_year=school_year
    )
    return answer(rows)
