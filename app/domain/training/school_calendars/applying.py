"""What counts at a unit: its own calendar, and where it says nothing that of the units above it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, ColumnElement, Date, Integer, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import NotAllowed
from app.domain.organisation.statistics import school_year_of
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import TEACHERS
from app.domain.training.school_calendars.days import CalendarDay, CalendarDayView
from app.domain.training.school_calendars.half_days import HalfDayView, ResearchHalfDay
from app.domain.training.school_calendars.terms import Term, TermView
from app.sql import Connection, Row, Statement


class SchoolCalendarView(BaseModel):
    """The calendar of a unit for a school year, with what it has from above."""

    unit_id: UUID = Field(description="单位 / unit")
    school_year: int = Field(description="学年起始年 / year in which the school year begins")
    terms: list[TermView] = Field(description="学期 / terms")
    days: list[CalendarDayView] = Field(
        description="节假日与调休（8 月 1 日至次年 7 月 31 日） / holidays and make-up days, from 1 August"
    )
    half_days: list[HalfDayView] = Field(description="研修半天 / half-days for teaching research")


# What may be asked.


def own_and_above(setting: Any, place: Any) -> ColumnElement[bool]:
    """The predicate 'this was set by the school of that row, or by a unit above it'."""
    unit = col(setting.unit_id)
    return unit.in_([place.c.school_id, place.c.county_id, place.c.city_id])


def nearest_first(setting: Any) -> tuple[Any, ...]:
    """An order of what was set: the school's before the county's before the city's."""
    return (
        col(setting.school_id).is_(None),
        col(setting.county_id) == col(setting.city_id),
    )


_UNITS = any_(bindparam("units", type_=ARRAY(Uuid)))
_YEAR = bindparam("school_year", type_=Integer)


def _nearest(setting: Any, view: type[BaseModel], slot: tuple[Any, ...], *which: Any) -> Statement:
    shown = [col(getattr(setting, name)) for name in view.model_fields]
    chosen = select(*shown).ext(distinct_on(*slot)).where(col(setting.unit_id) == _UNITS, *which)
    return Statement(chosen.order_by(*slot, *nearest_first(setting)))


_TERMS_OF = _nearest(
    Term, TermView, (col(Term.school_year), col(Term.semester)), col(Term.school_year) == _YEAR
)
_DAYS_OF = _nearest(
    CalendarDay,
    CalendarDayView,
    (col(CalendarDay.day),),
    col(CalendarDay.day).between(bindparam("since", type_=Date), bindparam("until", type_=Date)),
)
_HALF_DAYS_OF = Statement(
    select(*(col(getattr(ResearchHalfDay, name)) for name in HalfDayView.model_fields))
    .where(col(ResearchHalfDay.unit_id) == _UNITS, col(ResearchHalfDay.school_year) == _YEAR)
    .order_by(col(ResearchHalfDay.semester), col(ResearchHalfDay.weekday), col(ResearchHalfDay.id))
)


async def terms_of(db: Connection, actor: Actor, *, place: Row, school_year: int) -> list[Row]:  # noqa: ARG001  the door was passed
    """The terms of a school year that count at a school or a teacher's, whose door was passed."""
    units = list({place[name] for name in PLACE})
    return await db.all(_TERMS_OF, units=units, school_year=school_year)


async def get_school_calendar(
    db: Connection, actor: Actor, *, unit_id: UUID, now: datetime, school_year: int | None = None
) -> Row:
    """What counts at a unit in a school year, the present one by default.

    Of terms and days the nearest, and all half-days.
    """
    unit = await UNITS.get(db, actor, unit_id, permission=Permission.TIMETABLE_READ)
    return await _calendar_of(db, [unit_id, unit["county_id"], unit["city_id"]], school_year, now)


async def get_own_school_calendar(
    db: Connection, actor: Actor, *, now: datetime, school_year: int | None = None
) -> Row:
    """What counts at one's own school in a school year, the present one by default; for a teacher."""
    if (teacher_id := actor.teacher_id) is None:
        raise NotAllowed(Permission.PARTICIPATE.value)
    own = await TEACHERS.get(db, actor, teacher_id)
    return await _calendar_of(
        db, [own["school_id"], own["county_id"], own["city_id"]], school_year, now
    )


async def _calendar_of(
    db: Connection, units: list[UUID], school_year: int | None, now: datetime
) -> Row:
    """The calendar of the first of these units, which has the others above it."""
    year = school_year or school_year_of(civil_date(now))
    since, until = date(year, 8, 1), date(year + 1, 7, 31)
    return {
        "unit_id": units[0],
        "school_year": year,
        "terms": await db.all(_TERMS_OF, units=units, school_year=year),
        "days": await db.all(_DAYS_OF, units=units, since=since, until=until),
        "half_days": await db.all(_HALF_DAYS_OF, units=units, school_year=year),
    }
