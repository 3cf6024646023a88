"""Closed school years and late windows over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import school_years
from app.domain.credits.school_years import (
    LateWindowView,
    NewLateWindow,
    NewSchoolYearClosing,
    SchoolYearClosingView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)
Year = Annotated[
    int | None, Query(description="学年，以起始年份表示 / school year, by the year it began in")
]


@router.get(
    "/school-year-closings",
    operation_id="list_school_year_closings",
    response_model=PageOf[SchoolYearClosingView],
)
async def list_school_year_closings(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_year: Year = None,
) -> Response:
    """The school years closed in the actor's place (`school_year`)."""
    found = await school_years.list_school_year_closings(
        db, actor, page=page, school_year=school_year
    )
    return answer_page(request, found, fields)


@router.get(
    "/me/school-year-closings",
    operation_id="list_own_school_year_closings",
    response_model=PageOf[SchoolYearClosingView],
)
async def list_own_school_year_closings(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_year: Year = None,
) -> Response:
    """The school years that are closed for the actor, by the bureaux at and above (`school_year`)."""
    found = await school_years.list_own_school_year_closings(
        db, actor, page=page, school_year=school_year
    )
    return answer_page(request, found, fields)


@router.post(
    "/school-year-closings",
    operation_id="close_school_year",
    response_model=SchoolYearClosingView,
    status_code=201,
)
async def close_school_year(
    db: Transaction, actor: CurrentActor, new: NewSchoolYearClosing
) -> Response:
    """Close a school year that is over, for the whole place of a bureau."""
    row = await school_years.close_school_year(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/school-year-closings/{row['id']}")


@router.get(
    "/school-year-closings/{closing_id}",
    operation_id="get_school_year_closing",
    response_model=SchoolYearClosingView,
)
async def get_school_year_closing(
    request: Request, db: Reading, actor: CurrentActor, closing_id: UUID
) -> Response:
    """One closing."""
    row = await school_years.get_school_year_closing(db, actor, closing_id=closing_id)
    return answer_one(request, row)


@router.get(
    "/late-windows", operation_id="list_late_windows", response_model=PageOf[LateWindowView]
)
async def list_late_windows(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_year: Year = None,
) -> Response:
    """The late windows granted in the actor's place (`granted`)."""
    found = await school_years.list_late_windows(db, actor, page=page, school_year=school_year)
    return answer_page(request, found, fields)


@router.post(
    "/late-windows",
    operation_id="open_late_window",
    response_model=LateWindowView,
    status_code=201,
)
async def open_late_window(db: Transaction, actor: CurrentActor, new: NewLateWindow) -> Response:
    """Let a county, a school or all write in a closed year for some days; the city grants it."""
    return answer(await school_years.open_late_window(db, actor, new=new, now=now()), 201)
