"""Yearly statistics over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.organisation import statistics
from app.domain.organisation.statistics import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Measure,
    NewStatistic,
    StatisticLineView,
    StatisticRateView,
    StatisticView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["organisation"], route_class=Route)

SchoolYear = Annotated[
    int | None,
    Query(
        ge=EARLIEST_YEAR,
        le=LATEST_YEAR,
        description="学年的起始公历年，默认本学年 / first year; the present",
    ),
]
KnownOn = Annotated[date | None, Query(description="该日终了时系统所知 / as believed at its end")]


@router.get("/statistics", operation_id="list_statistics", response_model=PageOf[StatisticView])
async def list_statistics(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="填报单位 / unit")] = None,
    county_id: Annotated[UUID | None, Query(description="主管教育局 / bureau in charge")] = None,
    school_year: Annotated[
        int | None,
        Query(
            ge=EARLIEST_YEAR, le=LATEST_YEAR, description="学年 / school year, by its first year"
        ),
    ] = None,
    measure: Annotated[Measure | None, Query(description="指标 / what is counted")] = None,
    known_on: KnownOn = None,
) -> Response:
    """What the units that the actor may see state, by school year (`school_year`, `created`)."""
    found = await statistics.list_statistics(
        db, actor, page=page, unit_id=unit_id, county_id=county_id, school_year=school_year,
        measure=measure, known_on=known_on,
    )  # fmt: skip
    await include.into("Statistic", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/statistics",
    operation_id="state_statistic",
    response_model=StatisticView,
    status_code=201,
)
async def state_statistic(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewStatistic
) -> Response:
    """State a figure; what the unit stated of the same before is superseded, and kept."""
    row = await statistics.state_statistic(db, actor, unit_id=unit_id, new=new, now=now())
    return answer_created(row, f"/api/v1/statistics/{row['id']}")


@router.get(
    "/statistics/{statistic_id}", operation_id="get_statistic", response_model=StatisticView
)
async def get_statistic(
    request: Request, db: Reading, actor: CurrentActor, statistic_id: UUID, include: Include
) -> Response:
    """One figure, the present one or a former."""
    row = await statistics.get_statistic(db, actor, statistic_id=statistic_id)
    await include.into("Statistic", [row])
    return answer_one(request, row)


@router.post(
    "/statistics/{statistic_id}/confirm",
    operation_id="confirm_statistic",
    response_model=StatisticView,
)
async def confirm_statistic(db: Transaction, actor: CurrentActor, statistic_id: UUID) -> Response:
    """Confirm a figure that somebody else stated."""
    row = await statistics.confirm_statistic(db, actor, statistic_id=statistic_id, now=now())
    return answer(row)


@router.get(
    "/units/{unit_id}/statistic-lines",
    operation_id="list_statistic_lines",
    response_model=list[StatisticLineView],
)
async def list_statistic_lines(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    school_year: SchoolYear = None,
    known_on: KnownOn = None,
) -> Response:
    """Every measure of a unit: as stated, as summed, as registered, and how these differ."""
    rows = await statistics.list_statistic_lines(
        db, actor, unit_id=unit_id, now=now(), school_year=school_year, known_on=known_on
    )
    return answer(rows)


@router.get(
    "/units/{unit_id}/statistic-rates",
    operation_id="list_statistic_rates",
    response_model=list[StatisticRateView],
)
async def list_statistic_rates(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    school_year: SchoolYear = None,
    known_on: KnownOn = None,
) -> Response:
    """Every rate that can be made of a unit's figures, with its numerator and its denominator."""
    rows = await statistics.list_statistic_rates(
        db, actor, unit_id=unit_id, now=now(), school_year=school_year, known_on=known_on
    )
    return answer(rows)
