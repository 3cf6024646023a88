from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.organisation.facts import DayInFuture
from app.domain.paging import BadCursor, PageRequest, UnknownSort
from app.domain.quality.activity_minimums import (
    ActivityMinimumEnd,
    ActivityMinimumExists,
    ActivityMinimumNotFound,
    ActivityMinimumOfSchool,
    end_activity_minimum,
    get_activity_minimum,
    list_activity_minimums,
    list_inactive_schools,
)
from app.sql import Connection
from tests.make import NOW, City, make_activity
from tests.make_organisation import make_visit
from tests.make_reports import HELD, TODAY, make_minimum

PAGE = PageRequest(limit=50)
LONG_AGO = NOW - timedelta(days=150)


async def test_schools_below_the_minimum_are_told(db: Connection, city: City) -> None:
    by = city.county_admin
    minimum = await make_minimum(db, by, city.county)
    for _ in range(2):
        await make_activity(db, city.school, by, state=HELD)
    await make_activity(db, city.sibling, by, state=HELD, begins=LONG_AGO)
    await make_activity(db, city.sibling, by)  # Published, and not held.
    before = db.statements
    found = await list_inactive_schools(db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW)
    assert db.statements - before == 2
    [short] = found.items
    assert (short["unit_id"], short["held"], short["at_least"]) == (city.sibling["id"], 0, 2)
    assert (short["minimum_id"], short["months"]) == (minimum["id"], 3)
    assert (short["last_held_on"], short["visited_on"]) == (LONG_AGO.date(), None)
    # The county's minimum says nothing of another county's schools.
    everywhere = await list_inactive_schools(
        db, city.city_admin.actor, unit_id=city.city["id"], page=PAGE, now=NOW
    )
    assert [each["unit_id"] for each in everywhere.items] == [city.sibling["id"]]


async def test_the_own_bureau_governs_before_the_city(db: Connection, city: City) -> None:
    await make_minimum(db, city.city_admin, city.city, at_least=9)
    await make_minimum(db, city.county_admin, city.county, at_least=1)
    await make_activity(db, city.school, city.school_admin, state=HELD)
    found = await list_inactive_schools(
        db, city.city_admin.actor, unit_id=city.city["id"], page=PAGE, now=NOW
    )
    asked = {each["unit_id"]: each["at_least"] for each in found.items}
    assert asked == {
        city.sibling["id"]: 1, city.far_school["id"]: 9, city.direct_school["id"]: 9,
    }  # fmt: skip


async def test_they_are_paged_the_least_first(db: Connection, city: City) -> None:
    await make_minimum(db, city.city_admin, city.city, at_least=9)
    await make_activity(db, city.sibling, city.sibling_admin, state=HELD)
    by = city.city_admin.actor
    whole: dict[str, Any] = {"unit_id": city.city["id"], "now": NOW}
    every = await list_inactive_schools(db, by, page=PAGE, **whole)
    assert (len(every.items), every.next) == (4, None)
    order = [(row["held"], row["name"]) for row in every.items]
    assert order == sorted(order)
    assert order[-1] == (1, city.sibling["name"])
    found: list[Any] = []
    page = PageRequest(limit=1)
    for _ in every.items:
        one = await list_inactive_schools(db, by, page=page, **whole)
        found += one.items
        page = PageRequest(limit=1, cursor=one.next)
    assert found == every.items
    assert page.cursor is None
    with pytest.raises(BadCursor):
        await list_inactive_schools(db, by, page=PageRequest(cursor="bmlj"), **whole)
    with pytest.raises(UnknownSort):
        await list_inactive_schools(db, by, page=PageRequest(sort="name"), **whole)


async def test_the_first_day_of_the_months_is_the_day_after(db: Connection, city: City) -> None:
    """Three months up to 15 November begin on 16 August."""
    by = city.county_admin
    day = datetime(2026, 11, 15, 4, tzinfo=UTC)
    await make_minimum(db, by, city.county, at_least=1, valid_from=date(2026, 1, 1))
    within, before = (datetime(2026, 8, each, 4, tzinfo=UTC) for each in (16, 15))
    await make_activity(db, city.school, by, state=HELD, begins=within)
    await make_activity(db, city.sibling, by, state=HELD, begins=before)
    found = await list_inactive_schools(
        db, by.actor, unit_id=city.county["id"], page=PAGE, now=NOW, as_of=day.date()
    )
    assert [(each["unit_id"], each["since"]) for each in found.items] == [
        (city.sibling["id"], date(2026, 8, 16))
    ]


async def test_a_visit_or_an_activity_ends_the_task(db: Connection, city: City) -> None:
    by = city.county_admin
    await make_minimum(db, by, city.county, at_least=1)

    async def waiting() -> set[Any]:
        found = await list_tasks(
            db, by.actor, page=PAGE, now=NOW, kind=TaskKind.INACTIVE_SCHOOL_TO_VISIT
        )
        return {each["subject_id"] for each in found.items}

    assert await waiting() == {city.school["id"], city.sibling["id"]}
    await make_activity(db, city.school, by, state=HELD)
    assert await waiting() == {city.sibling["id"]}
    await make_visit(db, city.sibling, by, city.county, visited_on=TODAY)
    assert await waiting() == set()
    # The visit asks nothing away: the school still holds too little.
    of_county: dict[str, Any] = {"unit_id": city.county["id"], "page": PAGE, "now": NOW}
    short = await list_inactive_schools(db, by.actor, **of_county)
    assert [(each["unit_id"], each["visited_on"]) for each in short.items] == [
        (city.sibling["id"], TODAY)
    ]


async def test_a_minimum_is_set_once_and_ended(db: Connection, city: City) -> None:
    by = city.county_admin
    minimum = await make_minimum(db, by, city.county, valid_from=date(2026, 9, 1))
    with pytest.raises(ActivityMinimumExists):
        async with db.transaction():
            await make_minimum(db, by, city.county, at_least=5)
    with pytest.raises(ActivityMinimumOfSchool):
        await make_minimum(db, by, city.school)
    with pytest.raises(DayInFuture):
        await make_minimum(db, city.city_admin, city.zone, valid_from=TODAY + timedelta(days=400))
    with pytest.raises(NotAllowed):
        await make_minimum(db, city.auditor, city.county)
    with pytest.raises(ActivityMinimumNotFound):
        await get_activity_minimum(
            db, city.other_county_admin.actor, activity_minimum_id=minimum["id"]
        )
    end = ActivityMinimumEnd(on=TODAY)
    with pytest.raises(NotAllowed):
        await end_activity_minimum(
            db, city.auditor.actor, activity_minimum_id=minimum["id"], end=end, now=NOW
        )
    of_county: dict[str, Any] = {"unit_id": city.county["id"], "page": PAGE, "now": NOW}
    found = await list_inactive_schools(db, by.actor, **of_county)
    assert len(found.items) == 2
    ended = await end_activity_minimum(
        db, by.actor, activity_minimum_id=minimum["id"], end=end, now=NOW
    )
    assert ended["valid_to"] == TODAY
    assert (await list_inactive_schools(db, by.actor, **of_county)).items == []
    held = await list_activity_minimums(db, by.actor, page=PAGE, as_of=date(2026, 9, 2))
    assert [each["valid_to"] for each in held.items] == [TODAY]
