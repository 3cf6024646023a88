"""Measures over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import measures
from app.domain.quality.measures import (
    FigureRowView,
    IndicatorMeasure,
    IndicatorMeasureView,
    MeasuredView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, now

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


@router.get(
    "/units/{unit_id}/measure-rows",
    operation_id="list_measure_rows",
    response_model=PageOf[FigureRowView],
)
async def list_measure_rows(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: UUID,
    measure: Annotated[IndicatorMeasure, Query(description="计量项 / measure")],
    since: Annotated[date, Query(description="起始日 / first day")],
    until: Annotated[date, Query(description="截止日（含） / last day, included")],
    as_of: Annotated[
        date | None, Query(description="取数日，默认今天 / day of counting; today by default")
    ] = None,
    whole: Annotated[
        bool | None,
        Query(description="含未计入分子的 / with those that do not count above the line"),
    ] = None,
) -> Response:
    """The rows behind a measure of a unit with all below it, as they are now (`id`)."""
    found = await measures.list_measure_rows(
        db, actor, unit_id=unit_id, measure=measure, since=since, until=until, page=page, now=now(),
        as_of=as_of, whole=bool(whole),
    )  # fmt: skip
    return answer_page(request, found, fields)
