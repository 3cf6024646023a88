"""Pairs in a reorganisation: they go on where both of it go on, and end with what had arranged them."""

from datetime import date, timedelta
from typing import Any

import asyncpg

from app.domain.organisation.reorganisations import Closure, close_unit
from app.domain.organisation.units import Level
from app.domain.people.pairs import PairEnd, end_pair
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.organisation.reorganising import reorganise
from tests.make import NOW, TODAY, City, make_teacher, make_unit
from tests.make_people import accept, by_key, complete, make_pair, propose

SINCE, UNTIL = date(2026, 9, 1), date(2027, 9, 1)
_PAIRS = (
    "SELECT unit_id, ended_on, valid_from, valid_to FROM peer_pair"
    " WHERE one_id = ANY($1) AND other_id = ANY($1) ORDER BY id"
)


async def pairs_of(driver: asyncpg.Connection, *teachers: Row) -> list[tuple[Any, ...]]:
    """The pairs of these two: unit, end, first day, end of the term; the first made first."""
    rows = await driver.fetch(_PAIRS, [teacher["id"] for teacher in teachers])
    return [tuple(row) for row in rows]


async def test_the_pairs_of_a_merged_school_go_on_in_the_other(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    third = await make_teacher(db, resources.cipher, city.school)
    over = await make_pair(db, city.school, city.teacher, third)
    await end_pair(db, city.school_admin.actor, pair_id=over["id"], end=PairEnd(), now=NOW)
    pair = await make_pair(db, city.school, city.teacher, city.colleague)
    county = await make_pair(db, city.county, city.teacher, city.sibling_teacher)
    on = TODAY - timedelta(days=3)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling", effective_on=on)
    assert await pairs_of(driver, city.teacher, city.colleague) == [
        (city.school["id"], on, SINCE, UNTIL), (city.sibling["id"], None, on, UNTIL),
    ]  # fmt: skip
    before, after = await driver.fetch(
        "SELECT * FROM peer_pair WHERE one_id = $1 AND other_id = $2 ORDER BY id",
        pair["one_id"], pair["other_id"],
    )  # fmt: skip
    assert (after["kind"], after["purpose"]) == (before["kind"], before["purpose"])
    assert (after["city_id"], after["county_id"]) == (city.city["id"], city.county["id"])
    assert await pairs_of(driver, city.teacher, third) == [
        (city.school["id"], TODAY, SINCE, UNTIL)
    ], "what is over stays as it was"
    assert await pairs_of(driver, city.teacher, city.sibling_teacher) == [
        (county["county_id"], None, SINCE, UNTIL)
    ]
    new = await driver.fetchval("SELECT id FROM peer_pair WHERE unit_id = $1", city.sibling["id"])
    end = PairEnd(result="各上一节展示课")
    done = await end_pair(db, city.sibling_admin.actor, pair_id=new, end=end, now=NOW)
    assert done["ended_on"] == TODAY, "the successor ends it"


async def test_a_pair_whose_term_is_over_ends_with_the_merged_school(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_pair(db, city.school, city.teacher, city.colleague, valid_to=TODAY)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    assert await pairs_of(driver, city.teacher, city.colleague) == [
        (city.school["id"], TODAY, SINCE, TODAY)
    ]


async def test_a_pair_does_not_go_on_without_one_of_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_pair(db, city.school, city.teacher, city.far_teacher)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    assert await pairs_of(driver, city.teacher, city.far_teacher) == [
        (city.school["id"], TODAY, SINCE, UNTIL)
    ]


async def test_the_pairs_of_a_closed_unit_end_with_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    empty = await make_unit(db, "甲县教学点", Level.SCHOOL, city.county)
    units = ((empty, city.colleague), (city.zone, city.far_teacher))
    for unit, other in units:
        await make_pair(db, unit, city.teacher, other)
    elsewhere = await make_pair(db, city.sibling, city.colleague, city.far_teacher)
    for unit, other in units:
        actor = city.city_admin.actor
        await close_unit(db, actor, unit_id=unit["id"], closure=Closure(), now=NOW)
        assert await pairs_of(driver, city.teacher, other) == [(unit["id"], TODAY, SINCE, UNTIL)]
    open_ones = await driver.fetch("SELECT id FROM peer_pair WHERE ended_on IS NULL")
    assert [row["id"] for row in open_ones] == [elsewhere["id"]]


async def test_who_comes_under_another_bureau_leaves_the_pairs_of_the_first(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    """As with a transfer; those of the school itself, and those of the city, go on."""
    await make_pair(db, city.school, city.teacher, city.colleague)
    await make_pair(db, city.county, city.teacher, city.sibling_teacher)
    await make_pair(db, city.city, city.teacher, city.far_teacher)
    await reorganise(db, city, "city_admin", "move", "school", "other_county")
    assert await pairs_of(driver, city.teacher, city.colleague) == [
        (city.school["id"], None, SINCE, UNTIL)
    ]
    assert await pairs_of(driver, city.teacher, city.sibling_teacher) == [
        (city.county["id"], TODAY, SINCE, UNTIL)
    ]
    assert await pairs_of(driver, city.teacher, city.far_teacher) == [
        (city.city["id"], None, SINCE, UNTIL)
    ]


async def test_a_merger_across_counties_ends_the_pairs_of_the_first_county(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await make_pair(db, city.school, city.teacher, city.colleague)
    await make_pair(db, city.county, city.teacher, city.sibling_teacher)
    await reorganise(db, city, "city_admin", "merge", "school", "far_school")
    assert [row[:2] for row in await pairs_of(driver, city.teacher, city.colleague)] == [
        (city.school["id"], TODAY), (city.far_school["id"], None),
    ]  # fmt: skip
    assert await pairs_of(driver, city.teacher, city.sibling_teacher) == [
        (city.county["id"], TODAY, SINCE, UNTIL)
    ]


async def test_a_transfer_after_a_merger_ends_the_pair_that_went_on(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    await make_pair(db, city.school, city.teacher, city.colleague)
    on = TODAY - timedelta(days=3)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling", effective_on=on)
    to = await make_unit(db, "甲县第三小学", Level.SCHOOL, city.county)
    transfer = await propose(db, resources, city.sibling_admin, by_key(city.teacher, to))
    await complete(db, city.county_admin, await accept(db, city.county_admin, transfer))
    assert [row[1] for row in await pairs_of(driver, city.teacher, city.colleague)] == [
        on, TODAY,
    ]  # fmt: skip
