from datetime import date

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.school_calendars import (
    CalendarDayNotFound,
    HalfDayNotFound,
    NewCalendarDays,
    NewTerm,
    get_own_school_calendar,
    get_school_calendar,
    list_calendar_days,
    list_half_days,
    list_terms,
    remove_calendar_day,
    remove_half_day,
)
from app.domain.training.school_calendars.half_days import HalfDayExists
from app.sql import Connection
from tests.make import NOW, City
from tests.make_timetables import TERM, make_days, make_half_day, make_term

PAGE = PageRequest(limit=100)
FRIDAY, SATURDAY = date(2026, 10, 9), date(2026, 10, 10)


async def test_a_term_is_set_and_set_again(db: Connection, city: City) -> None:
    term = await make_term(db, city.city_admin, city.city)
    assert term["weeks_from"] == date(2026, 8, 31), "the Monday of the week of the first day"
    again = await make_term(
        db, city.city_admin, city.city, ends_on="2027-01-22", weeks_from="2026-09-07"
    )
    assert (again["id"], again["weeks_from"]) == (term["id"], date(2026, 9, 7))
    page = await list_terms(db, city.city_admin.actor, page=PAGE, school_year=2026)
    assert page.items == [again]
    with pytest.raises(UnitNotFound):
        await make_term(db, city.sibling_admin, city.school)
    with pytest.raises(NotAllowed):
        await make_term(db, city.auditor, city.city)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2026-09-01"},
        {"ends_on": "2027-04-30"},
        {"weeks_from": "2026-09-01"},
        {"weeks_from": "2026-09-14"},
        {"starts_on": "2023-09-01", "ends_on": "2024-01-01"},
    ],
)
def test_a_term_that_cannot_be(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NewTerm.model_validate(TERM | wrong)


async def test_the_nearer_calendar_counts(db: Connection, city: City) -> None:
    await make_term(db, city.city_admin, city.city)
    own = await make_term(db, city.school_admin, city.school, starts_on="2026-09-03")
    days = {FRIDAY: None, SATURDAY: FRIDAY}
    of_city = await make_days(db, city.city_admin, city.city, days)
    ordinary = await make_days(db, city.county_admin, city.county, {FRIDAY: FRIDAY})
    half_day = await make_half_day(db, city.county_admin, city.county)
    actor, key = city.school_admin.actor, city.school["id"]
    before = db.statements
    found = await get_school_calendar(db, actor, unit_id=key, now=NOW)
    assert db.statements - before == 4, "the unit, and one for terms, days and half-days each"
    assert found["terms"] == [own]
    assert found["days"] == [*ordinary, of_city[1]]
    assert found["half_days"] == [half_day]
    of_teacher = await get_own_school_calendar(db, city.teacher_account.actor, now=NOW)
    assert of_teacher == found, "a teacher reads what counts at the own school"
    with pytest.raises(NotAllowed):
        await get_own_school_calendar(db, actor, now=NOW)
    direct = city.direct_school["id"]
    found = await get_school_calendar(
        db, city.city_admin.actor, unit_id=direct, now=NOW, school_year=2026
    )
    assert (found["days"], found["half_days"]) == (of_city, [])
    with pytest.raises(UnitNotFound):
        await get_school_calendar(db, actor, unit_id=direct, now=NOW, school_year=2026)


async def test_days_are_replaced_and_taken_back(db: Connection, city: City) -> None:
    (day, _) = await make_days(db, city.county_admin, city.county, {FRIDAY: None, SATURDAY: FRIDAY})
    (changed,) = await make_days(db, city.county_admin, city.county, {FRIDAY: SATURDAY})
    assert changed == day | {"taught_as": SATURDAY}
    admin = city.county_admin.actor
    page = await list_calendar_days(db, admin, page=PAGE, since=FRIDAY, until=FRIDAY)
    assert page.items == [changed]
    with pytest.raises(CalendarDayNotFound):
        await remove_calendar_day(db, city.school_admin.actor, day_id=day["id"])
    assert await remove_calendar_day(db, admin, day_id=day["id"]) == changed
    with pytest.raises(CalendarDayNotFound):
        await remove_calendar_day(db, admin, day_id=day["id"])
    with pytest.raises(ValidationError):
        NewCalendarDays.model_validate({"days": [{"day": FRIDAY}, {"day": FRIDAY}]})


async def test_half_days_are_kept_once(db: Connection, city: City) -> None:
    half_day = await make_half_day(db, city.county_admin, city.county)
    with pytest.raises(HalfDayExists):
        async with db.transaction():
            await make_half_day(db, city.county_admin, city.county)
    of_stage = await make_half_day(db, city.county_admin, city.county, stage="primary")
    admin = city.county_admin.actor
    page = await list_half_days(db, admin, page=PAGE, school_year=2026)
    assert page.items == [half_day, of_stage]
    assert await remove_half_day(db, admin, half_day_id=half_day["id"]) == half_day
    with pytest.raises(HalfDayNotFound):
        await remove_half_day(db, admin, half_day_id=half_day["id"])
