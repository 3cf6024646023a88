import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture, FactNotLater
from app.domain.organisation.names_and_codes import UnitCodeTaken
from app.domain.organisation.unit_codes import (
    CodeEnd,
    CodeUnfit,
    NewCode,
    NoCode,
    give_code,
    list_unit_codes,
    void_code,
)
from app.domain.organisation.units import UnitNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, make_city

PRIMARY, JUNIOR = "2143000001", "3143000001"
SINCE = TODAY - timedelta(days=400)
MONTH = timedelta(days=30)


async def give(
    db: Connection, city: City, code: str, day: Any = SINCE, place: str = "school",
    who: str = "county_admin", after: timedelta = timedelta(),
) -> Row:  # fmt: skip
    unit_id = getattr(city, place)["id"]
    new = NewCode(code=code, valid_from=day)
    return await give_code(db, getattr(city, who).actor, unit_id=unit_id, new=new, now=NOW + after)


async def void(db: Connection, city: City, day: Any = None, after: timedelta = MONTH) -> Row:
    actor, unit_id = city.county_admin.actor, city.school["id"]
    return await void_code(db, actor, unit_id=unit_id, end=CodeEnd(on=day), now=NOW + after)


async def test_another_category_gives_another_code(db: Connection, city: City) -> None:
    assert (await give(db, city, PRIMARY))["code"] == PRIMARY
    assert (await give(db, city, JUNIOR, TODAY - MONTH, after=MONTH))["code"] == JUNIOR
    actor, unit_id = city.school_admin.actor, city.school["id"]
    codes = await list_unit_codes(db, actor, unit_id=unit_id)
    assert [(row["code"], row["valid_from"], row["valid_to"]) for row in codes] == [
        (PRIMARY, SINCE, TODAY - MONTH), (JUNIOR, TODAY - MONTH, None),
    ]  # fmt: skip
    [of_a_day] = await list_unit_codes(db, actor, unit_id=unit_id, as_of=TODAY - 2 * MONTH)
    assert of_a_day["code"] == PRIMARY
    [believed] = await list_unit_codes(
        db, actor, unit_id=unit_id, as_of=TODAY, known_on=TODAY + timedelta(days=1)
    )
    assert believed["code"] == PRIMARY


async def test_a_void_code_is_never_given_again(db: Connection, city: City) -> None:
    await give(db, city, PRIMARY)
    assert (await void(db, city))["code"] is None
    for place, who in (("sibling", "county_admin"), ("far_school", "other_county_admin")):
        with pytest.raises(UnitCodeTaken):
            async with db.transaction():
                await give(db, city, PRIMARY, TODAY, place, who)
    with pytest.raises(FactNotLater):
        async with db.transaction():
            await give(db, city, JUNIOR, SINCE, after=2 * MONTH)
    with pytest.raises(UnitCodeTaken):
        await give(db, city, PRIMARY, TODAY + MONTH, after=2 * MONTH)


async def test_a_code_given_by_mistake_is_taken_back_on_its_day(db: Connection, city: City) -> None:
    await give(db, city, PRIMARY, TODAY)
    await void(db, city, TODAY)
    assert await list_unit_codes(db, city.school_admin.actor, unit_id=city.school["id"]) == []
    assert (await give(db, city, PRIMARY, TODAY, "sibling"))["code"] == PRIMARY


@pytest.mark.parametrize(
    ("who", "place", "code", "day", "refusal"),
    [
        ("county_admin", "school", "430602", TODAY, CodeUnfit),
        ("county_admin", "school", "9943000001", TODAY, CodeUnfit),
        ("county_admin", "school", "2199000001", TODAY, CodeUnfit),
        ("city_admin", "county", PRIMARY, TODAY, CodeUnfit),
        ("county_admin", "school", JUNIOR, TODAY + timedelta(days=1), DayInFuture),
        ("county_admin", "school", JUNIOR, SINCE - timedelta(days=1), FactNotLater),
        ("school_admin", "school", JUNIOR, TODAY, NotAllowed),
        ("county_admin", "far_school", JUNIOR, TODAY, UnitNotFound),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, place: str, code: str,
    day: Any, refusal: type[DomainError],
) -> None:  # fmt: skip
    await give(db, city, PRIMARY)
    before = await driver.fetch("SELECT * FROM unit_code ORDER BY id")
    with pytest.raises(refusal):
        async with db.transaction():
            await give(db, city, code, day, place, who)
    assert await driver.fetch("SELECT * FROM unit_code ORDER BY id") == before


async def test_nothing_is_void_where_there_was_no_code(db: Connection, city: City) -> None:
    with pytest.raises(NoCode):
        await void(db, city)


async def test_of_two_schools_given_one_code_at_once_one_has_it(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def one(place: str, who: str) -> Row:
        async with real_pool.transaction() as db:
            return await give(db, city, PRIMARY, TODAY, place, who)

    done = await asyncio.gather(
        one("school", "county_admin"), one("far_school", "other_county_admin"),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(each) for each in done if isinstance(each, Exception)] == [UnitCodeTaken]
