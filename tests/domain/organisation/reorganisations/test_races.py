"""A school that is moved or merged while somebody is entered there or credit is recognised: real commits."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.verification import verify_ledger
from app.domain.errors import DomainError
from app.domain.organisation.reorganisations import (
    list_reorganisations,
)
from app.domain.organisation.units import (
    UnitClosed,
    UnitNotFound,
    get_unit,
)
from app.domain.people.teachers import create_teacher
from app.request import Resources
from app.sql import Row
from tests.domain.credits.making import (
    attend,
    make_closed_activity,
    make_pack,
    make_recognised,
)
from tests.domain.organisation.reorganising import new_teacher, reorganise
from tests.make import (
    NOW,
    City,
)


async def recognisable(pool: Pool, city: City) -> Row:
    """A closed activity of the county in which both teachers of the school took part, who have credit."""
    people = [city.teacher, city.colleague]
    async with pool.transaction() as db:
        await make_pack(db, city.city)
        await make_recognised(db, city.county, city.county_admin, people)
        activity = await make_closed_activity(db, city.county, city.county_admin)
        await attend(db, activity, people)
    return activity


async def settled(pool: Pool, *tasks: Any) -> list[Any]:
    """What became of acts at the same moment; whatever is refused is refused in words."""
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for each in done:
        assert not isinstance(each, BaseException) or isinstance(
            each, DomainError | asyncpg.ForeignKeyViolationError
        ), repr(each)
    async with pool.transaction(read_only=True) as db:
        assert (await verify_ledger(db)).finding is None
    return done


async def test_of_two_moves_at_once_each_is_done_on_what_the_other_left(
    real_pool: Pool, made: City
) -> None:
    async def move(to: str) -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, "city_admin", "move", "school", to)

    done = await settled(real_pool, move("other_county"), move("zone"))
    assert all(isinstance(each, dict) for each in done)
    async with real_pool.connection() as db:
        told = await list_reorganisations(db, made.city_admin.actor, unit_id=made.school["id"])
        now_under = await get_unit(db, made.city_admin.actor, unit_id=made.school["id"])
    first, second = sorted(told, key=lambda each: each["id"])
    steps = {(each["from_id"], each["to_id"]) for each in (first, second)}
    assert {made.county["id"]} < {pair[0] for pair in steps}
    assert len({pair[0] for pair in steps} & {pair[1] for pair in steps}) == 1
    assert now_under["parent_id"] in {pair[1] for pair in steps} - {pair[0] for pair in steps}


async def test_what_was_moved_away_meanwhile_is_no_longer_the_countys(
    real_pool: Pool, made: City
) -> None:
    async def act(who: str, what: str, to: str) -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, who, what, "school", to)

    done = await settled(
        real_pool,
        act("city_admin", "move", "other_county"),
        act("county_admin", "merge", "sibling"),
    )
    refused = [each for each in done if isinstance(each, DomainError)]
    assert [type(each) for each in refused] in ([UnitNotFound], [UnitClosed])


async def test_two_schools_are_not_merged_into_each_other(real_pool: Pool, made: City) -> None:
    async def merge(unit: str, to: str) -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, "city_admin", "merge", unit, to)

    done = await settled(real_pool, merge("school", "sibling"), merge("sibling", "school"))
    assert sorted(isinstance(each, UnitClosed) for each in done) == [False, True]


@pytest.mark.parametrize(
    ("what", "to"), [("move", "other_county"), ("merge", "sibling"), ("merge", "far_school")]
)
async def test_who_is_entered_meanwhile_goes_along_or_is_refused(
    real_pool: Pool, made: City, resources: Resources, what: str, to: str
) -> None:
    async def enter() -> Row:
        async with real_pool.transaction() as db:
            return await create_teacher(
                db, made.city_admin.actor, new=new_teacher(made.school), cipher=resources.cipher,
                now=NOW,
            )  # fmt: skip

    async def change() -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, "city_admin", what, "school", to)

    entered, _ = await settled(real_pool, enter(), change())
    async with real_pool.connection() as db:
        unit_id = made.school["id"]
        school = await get_unit(db, made.city_admin.actor, unit_id=unit_id)
    driver = await asyncpg.connect(resources.settings.database_url)
    try:
        rows = await driver.fetch("SELECT * FROM teacher WHERE school_id = $1", unit_id)
        register = await driver.fetchval(
            "SELECT teachers FROM school_register WHERE school_id = $1", unit_id
        )
    finally:
        await driver.close()
    assert len(rows) == register
    assert {row["county_id"] for row in rows} <= {school["county_id"]}
    if what == "merge":
        assert rows == []
    elif isinstance(entered, dict):
        assert len(rows) == 3


@pytest.mark.parametrize(
    ("what", "to"), [("move", "other_county"), ("merge", "sibling"), ("merge", "far_school")]
)
async def test_credit_recognised_meanwhile_counts_where_its_people_are(
    real_pool: Pool, made: City, what: str, to: str
) -> None:
    activity = await recognisable(real_pool, made)

    async def recognise() -> Row:
        async with real_pool.transaction() as db:
            return await recognise_activity(
                db, made.city_admin.actor, activity_id=activity["id"], now=NOW
            )

    async def change() -> Row:
        async with real_pool.transaction() as db:
            return await reorganise(db, made, "city_admin", what, "school", to)

    recognised, changed = await settled(real_pool, recognise(), change())
    assert isinstance(recognised, dict)
    assert recognised["entered"] == 2
    assert isinstance(changed, dict)
