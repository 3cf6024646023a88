"""Measures over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.quality import measures
from app.domain.quality.measures import IndicatorMeasure, IndicatorMeasureView, MeasuredView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["quality"], route_class=Route)
Since = Annotated[
    date | None, Query(description="起始日，默认本学年 / first day; of the school year")
]
Until = Annotated[date | None, Query(description="截止日（含） / last day, included")]


@router.get(
    "/indicator-measures",
    operation_id="list_indicator_measures",
    response_model=list[IndicatorMeasureView],
)
async def list_indicator_measures(db: Reading, actor: CurrentActor) -> Response:
    """All measures that a sheet can name, with what they count."""
    return answer(await measures.list_indicator_measures(db, actor))


@router.get(
    "/units/{unit_id}/measures",
    operation_id="list_unit_measures",
    response_model=list[MeasuredView],
)
async def list_unit_measures(
    db: Reading, actor: CurrentActor, unit_id: UUID, since: Since = None, until: Until = None
) -> Response:
    """All measures of one unit with all below it, over at most a year."""
    rows = await measures.list_unit_measures(
        db, actor, unit_id=unit_id, now=now(), since=since, until=until
    )
    return answer(rows)


@router.get(
    "/units/{unit_id}/measured-schools",
    operation_id="list_measured_schools",
    response_model=list[MeasuredView],
)
async def list_measured_schools(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    measure: Annotated[IndicatorMeasure, Query(description="计量项 / measure")],
    since: Since = None,
    until: Until = None,
) -> Response:
    """One measure of each open school of a place, by name."""
    rows = await measures.list_measured_schools(
        db, actor, unit_id=unit_id, measure=measure, now=now(), since=since, until=until
    )
    return answer(rows)
