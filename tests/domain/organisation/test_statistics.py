"""Figures as a county's report on school-based training states them, defects and all."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.organisation.statistics import (
    CountUnit,
    Measure,
    NewStatistic,
    Precision,
    RateBasis,
    RateName,
    SchoolYearToCome,
    SchoolYearUnknown,
    StatisticConfirmed,
    StatisticConfirmedByAuthor,
    StatisticNotFound,
    StatisticSuperseded,
    confirm_statistic,
    get_statistic,
    list_statistic_lines,
    list_statistic_rates,
    list_statistics,
    school_year_of,
    state_statistic,
    statistics_of,
)
from app.domain.organisation.units import Stage, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.facts.engagement import ESTABLISHMENT
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city, make_fact
from tests.make_organisation import make_statistic

PAGE = PageRequest(limit=100)
LATER = NOW + timedelta(days=3)


async def state(
    db: Connection, person: Person, unit: Row, measure: str, value: int, /,
    *, when: Any = NOW, **given: Any,
) -> Row:  # fmt: skip
    new = NewStatistic.model_validate(
        {
            "school_year": 2016,
            "measure": measure,
            "value": value,
            "source": "校本研修工作汇报 一、基本情况",
        }
        | given
    )
    return await state_statistic(db, person.actor, unit_id=unit["id"], new=new, now=when)


async def line(
    db: Connection, person: Person, unit: Row, measure: Measure, **more: Any
) -> dict[str, Any]:
    lines = await list_statistic_lines(
        db, person.actor, unit_id=unit["id"], now=NOW, **{"school_year": 2016, **more}
    )
    assert [row["measure"] for row in lines] == list(Measure)
    return next(row for row in lines if row["measure"] is measure)


async def test_twenty_one_schools_are_stated_and_twenty_counted(db: Connection, city: City) -> None:
    """现有中小学校21所，其中高中1所，初中3所，小学16所: the gap of one is shown, not hidden."""
    admin = city.county_admin
    await state(db, admin, city.county, "schools", 21)
    for stage, value in (
        (Stage.SENIOR_SECONDARY, 1), (Stage.JUNIOR_SECONDARY, 3), (Stage.PRIMARY, 16),
    ):  # fmt: skip
        await state(db, admin, city.county, "schools", value, stage=stage)
    shown = await line(db, admin, city.county, Measure.SCHOOLS)
    assert shown == {
        "measure": Measure.SCHOOLS, "counted_in": CountUnit.SCHOOL,
        "stated": 21, "precision": "exact", "source": "校本研修工作汇报 一、基本情况",
        "confirmed": False, "parts": 20, "parts_difference": 1,
        "schools": 2, "schools_stated": 0, "summed": None, "summed_difference": None,
        "registered": 2, "registered_difference": 19,
    }  # fmt: skip


async def test_a_county_is_the_sum_of_its_schools_beside_its_own_figure(
    db: Connection, city: City
) -> None:
    await state(db, city.county_admin, city.county, "students", 9747)
    await state(db, city.school_admin, city.school, "students", 5000)
    half = await line(db, city.county_admin, city.county, Measure.STUDENTS)
    assert (half["schools"], half["schools_stated"], half["summed_difference"]) == (2, 1, 4747)
    await state(db, city.sibling_admin, city.sibling, "students", 4747)
    await state(db, city.city_admin, city.far_school, "students", 1)
    whole = await line(db, city.county_admin, city.county, Measure.STUDENTS)
    assert (whole["stated"], whole["summed"], whole["summed_difference"]) == (9747, 9747, 0)
    above = await line(db, city.city_admin, city.city, Measure.STUDENTS)
    assert (above["stated"], above["summed"], above["schools_stated"]) == (None, 9748, 3)
    assert above["summed_difference"] is None
    own = await line(db, city.school_admin, city.school, Measure.STUDENTS)
    assert (own["schools"], own["stated"], own["summed"]) == (1, 5000, 5000)


async def test_the_register_stands_beside_the_stated_establishment(
    db: Connection, city: City
) -> None:
    await state(db, city.county_admin, city.county, "established_teachers", 1030, school_year=2025)
    since = date(2020, 9, 1)
    await make_fact(db, city.teacher, ESTABLISHMENT, since, establishment="established")
    await make_fact(
        db, city.colleague, ESTABLISHMENT, since, date(2025, 9, 1), establishment="established"
    )
    await make_fact(db, city.sibling_teacher, ESTABLISHMENT, since, establishment="substitute")
    await make_fact(db, city.far_teacher, ESTABLISHMENT, since, establishment="established")
    shown = await line(
        db, city.county_admin, city.county, Measure.ESTABLISHED_TEACHERS, school_year=2025
    )
    assert (shown["registered"], shown["registered_difference"]) == (1, 1029)
    before = await line(
        db, city.county_admin, city.county, Measure.ESTABLISHED_TEACHERS, school_year=2024
    )
    assert (before["stated"], before["registered"]) == (None, 2)


async def test_more_trained_than_there_are_is_shown_as_what_it_is(
    db: Connection, city: City
) -> None:
    """1103 trained of 1030 in establishment, 2000多人次 in 34 sessions: persons and times are two things."""
    admin = city.county_admin
    for measure, value, precision in (
        ("established_teachers", 1030, "exact"), ("trained_persons", 1103, "exact"),
        ("trained_person_times", 2000, "at_least"), ("training_sessions", 34, "exact"),
        ("students", 9747, "exact"),
    ):  # fmt: skip
        await state(db, admin, city.county, measure, value, precision=precision)
    rates = await list_statistic_rates(
        db, admin.actor, unit_id=city.county["id"], now=NOW, school_year=2016
    )
    of = {(row["name"], row["basis"]): row for row in rates}
    share = of[RateName.TRAINED_SHARE, RateBasis.STATED]
    assert (share["numerator"], share["denominator"]) == (1103, 1030)
    assert (share["value"], share["is_share"], share["exceeds_whole"]) == (
        Decimal("1.0709"), True, True,
    )  # fmt: skip
    times = of[RateName.TIMES_PER_TEACHER, RateBasis.STATED]
    assert (times["value"], times["is_share"], times["exceeds_whole"]) == (
        Decimal("1.9417"), False, False,
    )  # fmt: skip
    assert of[RateName.TIMES_PER_SESSION, RateBasis.STATED]["value"] == Decimal("58.8235")
    assert of[RateName.STUDENTS_PER_TEACHER, RateBasis.STATED]["value"] == Decimal("9.4631")
    assert {row["basis"] for row in rates} == {RateBasis.STATED}, "nothing is made of nothing"
    shown = await line(db, admin, city.county, Measure.TRAINED_PERSON_TIMES)
    assert (shown["precision"], shown["counted_in"]) == (
        Precision.AT_LEAST, CountUnit.PERSON_TIME,
    )  # fmt: skip


async def test_no_share_is_made_of_person_times(db: Connection, city: City) -> None:
    """32 person-times given as 29 % of persons: with person-times alone there is no share at all."""
    for measure, value in (("established_teachers", 113), ("trained_person_times", 32)):
        await state(db, city.school_admin, city.school, measure, value)
    rates = await list_statistic_rates(
        db, city.school_admin.actor, unit_id=city.school["id"], now=NOW, school_year=2016
    )
    assert {(row["name"], row["is_share"]) for row in rates} == {
        (RateName.TIMES_PER_TEACHER, False)
    }
    assert {row["basis"] for row in rates} == {RateBasis.STATED, RateBasis.SUMMED}


async def test_an_amendment_supersedes_and_overwrites_nothing(db: Connection, city: City) -> None:
    first = await state(db, city.county_admin, city.county, "schools", 21)
    confirmed = await confirm_statistic(
        db, city.city_admin.actor, statistic_id=first["id"], now=NOW
    )
    assert confirmed["confirmed_by"] == city.city_admin.actor.account_id
    assert (await line(db, city.county_admin, city.county, Measure.SCHOOLS))["confirmed"]
    second = await state(db, city.county_admin, city.county, "schools", 20, when=LATER)
    kept = await get_statistic(db, city.county_admin.actor, statistic_id=first["id"])
    assert kept == confirmed | {"superseded_at": LATER}
    now_stated = await line(db, city.county_admin, city.county, Measure.SCHOOLS)
    assert (now_stated["stated"], now_stated["confirmed"]) == (20, False)
    then = await line(
        db, city.county_admin, city.county, Measure.SCHOOLS, known_on=date(2026, 11, 20)
    )
    assert (then["stated"], then["confirmed"]) == (21, True)
    page = await list_statistics(db, city.county_admin.actor, page=PAGE)
    assert [row["id"] for row in page.items] == [second["id"]]
    before = await list_statistics(
        db, city.county_admin.actor, page=PAGE, known_on=date(2026, 11, 20)
    )
    assert [row["id"] for row in before.items] == [first["id"]]
    with pytest.raises(StatisticSuperseded):
        await confirm_statistic(db, city.city_admin.actor, statistic_id=first["id"], now=LATER)


async def test_somebody_else_confirms(db: Connection, city: City) -> None:
    row = await state(db, city.county_admin, city.county, "classes", 210)
    key = row["id"]
    for person, refusal in (
        (city.county_admin, StatisticConfirmedByAuthor),
        (city.school_admin, StatisticNotFound),
        (city.auditor, NotAllowed),
        (city.other_county_admin, StatisticNotFound),
    ):
        with pytest.raises(refusal):
            await confirm_statistic(db, person.actor, statistic_id=key, now=NOW)
    second = await make_account(db, "second", city.county_admin.actor.grants[0].role, city.county)
    await confirm_statistic(db, second.actor, statistic_id=key, now=NOW)
    with pytest.raises(StatisticConfirmed):
        await confirm_statistic(db, city.city_admin.actor, statistic_id=key, now=NOW)


@pytest.mark.parametrize(
    ("unit", "who", "given", "refusal"),
    [("county", "school_admin", {}, NotAllowed),
     ("other_county", "county_admin", {}, UnitNotFound),
     ("school", "teacher_account", {}, NotAllowed),
     ("school", "school_admin", {"school_year": 2027}, SchoolYearToCome)],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(
    db: Connection, city: City, unit: str, who: str, given: dict[str, Any],
    refusal: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        await state(db, getattr(city, who), getattr(city, unit), "students", 1, **given)
    assert (await list_statistics(db, city.city_admin.actor, page=PAGE)).items == []


@pytest.mark.parametrize("school_year", [1999, 2101, -1])
async def test_a_year_of_no_school_is_refused(db: Connection, city: City, school_year: int) -> None:
    with pytest.raises(SchoolYearUnknown):
        await list_statistic_rates(
            db, city.city_admin.actor, unit_id=city.city["id"], now=NOW, school_year=school_year
        )


async def test_what_lies_below_a_unit_above_is_not_told(db: Connection, city: City) -> None:
    for read in (list_statistic_lines, list_statistic_rates):
        with pytest.raises(NotAllowed):
            await read(db, city.school_admin.actor, unit_id=city.county["id"], now=NOW)


def test_counts_are_counts_and_school_years_begin_in_september() -> None:
    whole = {"school_year": 2016, "measure": "students", "value": 0, "source": "年报"}
    NewStatistic.model_validate(whole)
    for wrong in ({"value": -1}, {"value": 1.5}, {"school_year": 1999}, {"source": ""}):
        with pytest.raises(ValidationError):
            NewStatistic.model_validate(whole | wrong)
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2027, 1, 1)]
    assert [school_year_of(day) for day in days] == [2025, 2026, 2026]


async def test_two_who_state_the_same_at_once_leave_one_figure(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def once(value: int) -> Row:
        async with real_pool.transaction() as db:
            return await state(db, city.county_admin, city.county, "schools", value)

    done = await asyncio.gather(*(once(n) for n in range(4)), return_exceptions=True)
    assert any(isinstance(each, dict) for each in done)
    async with real_pool.connection() as db:
        page = await list_statistics(db, city.county_admin.actor, page=PAGE)
        assert len(page.items) == 1


async def test_figures_of_many_units_are_one_statement(db: Connection, city: City) -> None:
    for unit, by in ((city.school, city.school_admin), (city.county, city.county_admin)):
        for year in (2015, 2016):
            await make_statistic(db, unit, by, Measure.STUDENTS, 100, school_year=year)
    ids, before = [city.school["id"], city.county["id"]], db.statements
    found = await statistics_of(db, city.county_admin.actor, unit_ids=ids, page=PAGE)
    assert db.statements - before == 1
    assert [[row["school_year"] for row in found[key].items] for key in ids] == [[2016, 2015]] * 2


async def test_the_application_cannot_rewrite_a_figure(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_statistic(db, city.county, city.county_admin, Measure.SCHOOLS, 21)
    for statement in ("UPDATE statistic SET value = 20", "DELETE FROM statistic"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(statement)
