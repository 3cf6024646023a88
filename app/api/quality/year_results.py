"""Results of a teacher's school year over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.quality import year_results
from app.domain.quality.year_results import (
    YearResultView,
)
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/units/{unit_id}/year-results",
    operation_id="list_year_results",
    response_model=list[YearResultView],
)
async def list_year_results(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    school_year: Annotated[
        int | None,
        Query(
            description="学年（起始年），默认本学年 / by the year it begins in, this one by default"
        ),
    ] = None,
) -> Response:
    """What a school year gave each teacher of a school, by name."""
    found = await year_results.list_year_results(
        db, actor, unit_id=unit_id, school_year=school_year, now=now()
    )
    return answer(found)


@router.get(
    "/teachers/{teacher_id}/year-result",
    operation_id="get_year_result",
    response_model=YearResultView,
)
async def get_year_result(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    school_year: Annotated[
        int | None,
        Query(
            description="学年（起始年），默认本学年 / by the year it begins in, this one by default"
        ),
    ] = None,
) -> Response:
    """What a school year gave one teacher; teachers see their own."""
    found = await year_results.get_year_result(
        db, actor, teacher_id=teacher_id, school_year=school_year, now=now()
    )
    return answer(found)
