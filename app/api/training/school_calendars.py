"""School calendars over REST: terms, holidays and make-up days, half-days for teaching research."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.people.teachers import Subject
from app.domain.training import school_calendars
from app.domain.training.school_calendars import (
    CalendarDayView,
    HalfDayView,
    NewCalendarDays,
    NewHalfDay,
    NewTerm,
    SchoolCalendarView,
    TermView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)

OfUnit = Annotated[UUID | None, Query(description="设定单位 / unit that set it")]
OfYear = Annotated[
    int | None, Query(ge=2000, le=2100, description="学年起始年 / year in which it begins")
]


@router.get(
    "/units/{unit_id}/school-calendar",
    operation_id="get_school_calendar",
    response_model=SchoolCalendarView,
)
async def get_school_calendar(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    school_year: OfYear = None,
) -> Response:
    """What counts at a unit in a school year, the present one by default, from above too."""
    row = await school_calendars.get_school_calendar(
        db, actor, unit_id=unit_id, now=now(), school_year=school_year
    )
    return answer(row)


@router.get(
    "/me/school-calendar",
    operation_id="get_own_school_calendar",
    response_model=SchoolCalendarView,
)
async def get_own_school_calendar(
    db: Reading, actor: CurrentActor, school_year: OfYear = None
) -> Response:
    """What counts at a teacher's own school in a school year, the present one by default."""
    row = await school_calendars.get_own_school_calendar(
        db, actor, now=now(), school_year=school_year
    )
    return answer(row)


@router.get("/terms", operation_id="list_terms", response_model=PageOf[TermView])
async def list_terms(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: OfUnit = None,
    school_year: OfYear = None,
) -> Response:
    """The terms that the units in the actor's place have set (`starts_on`)."""
    found = await school_calendars.list_terms(
        db, actor, page=page, unit_id=unit_id, school_year=school_year
    )
    return answer_page(request, found, fields)


@router.post("/units/{unit_id}/terms", operation_id="set_term", response_model=TermView)
async def set_term(db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewTerm) -> Response:
    """Set a term for a unit and all below it, or give it other days."""
    return answer(await school_calendars.set_term(db, actor, unit_id=unit_id, new=new))


@router.get(
    "/calendar-days", operation_id="list_calendar_days", response_model=PageOf[CalendarDayView]
)
async def list_calendar_days(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: OfUnit = None,
    since: Annotated[date | None, Query(description="此日及以后 / from this day on")] = None,
    until: Annotated[date | None, Query(description="此日及以前 / to this day")] = None,
) -> Response:
    """The holidays and make-up days that the units in the actor's place have set (`day`)."""
    found = await school_calendars.list_calendar_days(
        db, actor, page=page, unit_id=unit_id, since=since, until=until
    )
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/calendar-days",
    operation_id="set_calendar_days",
    response_model=list[CalendarDayView],
)
async def set_calendar_days(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewCalendarDays
) -> Response:
    """Set holidays and make-up days for a unit and all below it."""
    return answer(await school_calendars.set_calendar_days(db, actor, unit_id=unit_id, new=new))


@router.delete(
    "/calendar-days/{day_id}", operation_id="remove_calendar_day", response_model=CalendarDayView
)
async def remove_calendar_day(db: Transaction, actor: CurrentActor, day_id: UUID) -> Response:
    """Take back what was set for a day; what it was."""
    return answer(await school_calendars.remove_calendar_day(db, actor, day_id=day_id))


@router.get(
    "/research-half-days", operation_id="list_half_days", response_model=PageOf[HalfDayView]
)
async def list_half_days(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: OfUnit = None,
    school_year: OfYear = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
) -> Response:
    """The half-days that the units in the actor's place keep for teaching research (`created`)."""
    found = await school_calendars.list_half_days(
        db, actor, page=page, unit_id=unit_id, school_year=school_year, subject=subject
    )
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/research-half-days",
    operation_id="add_half_day",
    response_model=HalfDayView,
    status_code=201,
)
async def add_half_day(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewHalfDay
) -> Response:
    """Keep a half-day of the week for a subject, at a unit and all below it."""
    return answer(await school_calendars.add_half_day(db, actor, unit_id=unit_id, new=new), 201)


@router.delete(
    "/research-half-days/{half_day_id}",
    operation_id="remove_half_day",
    response_model=HalfDayView,
)
async def remove_half_day(db: Transaction, actor: CurrentActor, half_day_id: UUID) -> Response:
    """Keep a half-day no longer; what it was."""
    return answer(await school_calendars.remove_half_day(db, actor, half_day_id=half_day_id))
