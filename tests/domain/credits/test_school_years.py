"""Closed school years: nothing is written in one, whoever asks, but in a late window."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.credits.claims import get_claim_award, lapse_claims, submit_claim
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.credits.school_years import (
    LateWindowOfOpenYear,
    LateWindowOver,
    NewLateWindow,
    NewSchoolYearClosing,
    SchoolYearClosed,
    SchoolYearClosedAlready,
    SchoolYearNeedsBureau,
    SchoolYearNotOver,
    close_school_year,
    list_own_school_year_closings,
    open_late_window,
)
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.making import (
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
)
from tests.make import NOW, City, Person, make_city
from tests.make_claims import (
    approve_all,
    decide,
    make_claim,
    make_closing,
    make_submitted,
    make_window,
)

IN_2025 = date(2026, 3, 10)
"""A day of the school year that began in 2025, and of the present cycle."""
PAGE = PageRequest(limit=10)


def closing(unit: Row, year: int = 2025) -> NewSchoolYearClosing:
    return NewSchoolYearClosing(unit_id=unit["id"], school_year=year, reason="学年结束")


def window(unit: Row, **more: Any) -> NewLateWindow:
    days = {"opens_on": NOW.date(), "closes_on": NOW.date() + timedelta(days=9)}
    given = {"unit_id": unit["id"], "school_year": 2025, "reason": "灾情延误", **days}
    return NewLateWindow.model_validate(given | more)


async def test_a_closed_year_is_shut_for_claims_recognition_and_reversals(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    county = city.county_admin
    entered = await make_recognised(db, city.school, county, [city.teacher], on=IN_2025)
    waiting = await make_submitted(db, city.teacher_account, earned_on=IN_2025)
    for person in (city.school_admin, county):
        waiting = await decide(db, person, waiting)
    draft = await make_claim(db, city.teacher_account, earned_on=IN_2025, title="另一培训")
    activity = await make_closed_activity(db, city.county, county, on=IN_2025)
    await attend(db, activity, [city.teacher, city.far_teacher])
    closed = await close_school_year(db, county.actor, new=closing(city.county), now=NOW)
    span = [closed[name] for name in ("starts_on", "ends_on", "unit_id")]
    assert span == [date(2025, 9, 1), date(2026, 8, 31), city.county["id"]]
    ledger = "SELECT * FROM credit_entry ORDER BY id"
    before = await driver.fetch(ledger)
    with pytest.raises(SchoolYearClosed):
        await decide(db, city.city_admin, waiting)
    with pytest.raises(SchoolYearClosed):
        await submit_claim(db, city.teacher_account.actor, claim_id=draft["id"], now=NOW)
    [row] = before
    wrong = NewReversal(reason="登记有误")
    with pytest.raises(SchoolYearClosed):
        await reverse_entry(db, county.actor, entry_id=row["id"], new=wrong, now=NOW)
    assert row["source_id"] == entered["id"]
    assert await driver.fetch(ledger) == before
    # Of an activity of two counties those get theirs whose county has not closed the year.
    done = await recognise_activity(db, county.actor, activity_id=activity["id"], now=NOW)
    assert (done["entered"], [each["code"] for each in done["left_out"]]) == (
        1, ["school_year_closed"],
    )  # fmt: skip
    told = await get_claim_award(db, county.actor, claim_id=waiting["id"], now=NOW)
    assert [each["code"] for each in told["refusals"]] == ["school_year_closed"]


async def test_the_city_opens_a_window_for_a_school(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_closing(db, city.city, city.city_admin)
    own = await make_submitted_in_window(db, city)
    other = await make_claim(db, city.sibling_teacher_account, earned_on=IN_2025)
    with pytest.raises(SchoolYearClosed):
        await submit_claim(db, city.sibling_teacher_account.actor, claim_id=other["id"], now=NOW)
    assert (await approve_all(db, city, own))["state"] == "entered"
    late = NOW + timedelta(days=10)
    with pytest.raises(SchoolYearClosed):
        await reverse_entry(
            db, city.city_admin.actor, entry_id=await driver.fetchval("SELECT id FROM credit_entry"),
            new=NewReversal(reason="登记有误"), now=late,
        )  # fmt: skip


async def make_submitted_in_window(db: Connection, city: City) -> Row:
    granted = await open_late_window(db, city.city_admin.actor, new=window(city.school), now=NOW)
    assert granted["unit_id"] == city.school["id"]
    return await make_submitted(db, city.teacher_account, earned_on=IN_2025)


async def test_what_is_refused(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    closings: list[tuple[Person, Row, int, type[DomainError]]] = [
        (city.county_admin, city.county, 2026, SchoolYearNotOver),
        (city.county_admin, city.school, 2025, SchoolYearNeedsBureau),
        (city.school_admin, city.school, 2025, NotAllowed),
        (city.other_county_admin, city.county, 2025, UnitNotFound),
        (city.auditor, city.county, 2025, NotAllowed),
    ]
    for person, unit, year, refusal in closings:
        with pytest.raises(refusal):
            await close_school_year(db, person.actor, new=closing(unit, year), now=NOW)
    windows: list[tuple[Person, NewLateWindow, type[DomainError]]] = [
        (city.city_admin, window(city.school), LateWindowOfOpenYear),
        (city.county_admin, window(city.school), NotAllowed),
        (city.city_admin, window(city.school, opens_on="2026-01-01", closes_on="2026-01-02"),
         LateWindowOver),
    ]  # fmt: skip
    for person, new, refusal in windows:
        with pytest.raises(refusal):
            await open_late_window(db, person.actor, new=new, now=NOW)
    assert await driver.fetchval("SELECT count(*) FROM school_year_closing") == 0
    await close_school_year(db, city.county_admin.actor, new=closing(city.county), now=NOW)
    with pytest.raises(SchoolYearClosedAlready):
        await close_school_year(db, city.city_admin.actor, new=closing(city.county), now=NOW)
    bound = await list_own_school_year_closings(db, city.teacher_account.actor, page=PAGE)
    assert [row["school_year"] for row in bound.items] == [2025]


async def test_what_stays_open_lapses_when_no_time_is_left(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for teacher in (city.teacher_account, city.sibling_teacher_account):
        await make_submitted(db, teacher, earned_on=IN_2025)
    this_year = await make_submitted(db, city.teacher_account, title="本学年培训")
    await make_closing(db, city.county, city.county_admin, claims_lapse_on=NOW.date())
    await make_window(db, city.sibling, city.city_admin)
    assert await lapse_claims(db, now=NOW - timedelta(days=1)) == 0
    # The school that has a late window keeps its claims while it lasts.
    assert await lapse_claims(db, now=NOW) == 1
    states = await driver.fetch("SELECT id, state, school_id FROM credit_claim ORDER BY id")
    assert [row["state"] for row in states] == ["lapsed", "submitted", "submitted"]
    assert states[-1]["id"] == this_year["id"]
    assert await lapse_claims(db, now=NOW + timedelta(days=9)) == 1
    reasons = await driver.fetch("SELECT opinion FROM claim_step WHERE act = 'lapse'")
    assert len(reasons) == 2
    assert "学年已关账" in reasons[0]["opinion"]


async def test_closing_and_entering_cannot_pass_each_other(
    real_pool: Pool, resources: Resources
) -> None:
    """While an entry is on its way the closing waits; afterwards nobody enters."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        activities = []
        for _ in range(2):
            activity = await make_closed_activity(db, city.county, city.county_admin, on=IN_2025)
            await attend(db, activity, [city.teacher])
            activities.append(activity["id"])
    actor, closed = city.county_admin.actor, asyncio.Event()

    async def close() -> datetime:
        async with real_pool.transaction() as db:
            await close_school_year(db, actor, new=closing(city.county), now=NOW)
            closed.set()
        return NOW

    async with real_pool.transaction() as db:
        done = await recognise_activity(db, actor, activity_id=activities[0], now=NOW)
        task = asyncio.create_task(close())
        await asyncio.sleep(0.3)
        assert (done["entered"], closed.is_set()) == (1, False)
    await task
    async with real_pool.transaction() as db:
        done = await recognise_activity(db, actor, activity_id=activities[1], now=NOW)
    assert (done["entered"], done["left_out"][0]["code"]) == (0, "school_year_closed")
