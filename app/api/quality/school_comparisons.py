"""Schools compared, over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.organisation.designations import DesignationLevel
from app.domain.quality import school_comparisons
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.school_comparisons import DesignationComparisonView, SchoolInequalityView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["quality"], route_class=Route)
Measured = Annotated[IndicatorMeasure, Query(description="计量项 / measure")]
Since = Annotated[
    date | None, Query(description="起始日，默认本学年 / first day; of the school year")
]
Until = Annotated[date | None, Query(description="截止日（含） / last day, included")]


@router.get(
    "/units/{unit_id}/school-inequality",
    operation_id="get_school_inequality",
    response_model=SchoolInequalityView,
)
async def get_school_inequality(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    measure: Measured,
    since: Since = None,
    until: Until = None,
) -> Response:
    """How unequally a count is spread over the open schools of a place: Gini, and the fifths."""
    row = await school_comparisons.get_school_inequality(
        db, actor, unit_id=unit_id, measure=measure, now=now(), since=since, until=until
    )
    return answer(row)


@router.get(
    "/units/{unit_id}/designation-comparison",
    operation_id="list_designation_comparison",
    response_model=list[DesignationComparisonView],
)
async def list_designation_comparison(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    measure: Measured,
    since: Since = None,
    until: Until = None,
    level: Annotated[
        DesignationLevel | None, Query(description="称号级别，默认任一 / level of title; any")
    ] = None,
) -> Response:
    """A measure of the schools that bear a title and of those that do not, each with its base."""
    rows = await school_comparisons.list_designation_comparison(
        db,
        actor,
        unit_id=unit_id,
        measure=measure,
        now=now(),
        since=since,
        until=until,
        level=level,
    )
    return answer(rows)
