import asyncio
from datetime import date

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.organisation.names_and_codes import CodeKind, UnitCalled, UnitCodeTaken, name_units
from app.domain.organisation.units import get_unit
from app.request import Resources
from app.sql import Connection
from tests.make import NOW, TODAY, City, make_city

CODE = "2143000001"


async def name(db: Connection, city: City, place: str, code: str | None = CODE) -> None:
    called = UnitCalled(getattr(city, place)["id"], "名称", code, CodeKind.SCHOOL)
    await name_units(db, called=[called], now=NOW)


async def test_name_and_code_are_facts_from_a_day_on(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await name(db, city, "school")
    for table, column, value in (("unit_named", "name", "名称"), ("unit_code", "code", CODE)):
        row = await driver.fetchrow(f"SELECT * FROM {table}")  # noqa: S608
        assert (row[column], row["unit_id"]) == (value, city.school["id"])
        assert (row["valid_from"], row["valid_to"], row["superseded_at"]) == (TODAY, None, None)
    shown = await get_unit(db, city.school_admin.actor, unit_id=city.school["id"])
    assert shown["code"] == CODE


async def test_a_unit_without_a_code_has_a_name(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await name(db, city, "zone", None)
    assert await driver.fetchval("SELECT count(*) FROM unit_code") == 0
    assert await driver.fetchval("SELECT name FROM unit_named") == "名称"


async def test_a_void_code_is_not_given_again(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    await name(db, city, "school")
    await driver.execute("UPDATE unit_code SET superseded_at = now()")
    await driver.execute(
        "INSERT INTO unit_code (id, unit_id, kind, code, valid_from, valid_to, recorded_at)"
        " SELECT gen_random_uuid(), unit_id, kind, code, valid_from, $1, clock_timestamp()"
        " FROM unit_code",
        date(2027, 1, 1),
    )
    shown = await get_unit(db, city.school_admin.actor, unit_id=city.school["id"])
    assert shown["code"] is None
    with pytest.raises(UnitCodeTaken):
        await name(db, city, "sibling")


async def test_of_two_units_with_one_code_at_once_one_has_it(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def give(place: str) -> str:
        async with real_pool.transaction() as db:
            await name(db, city, place)
        return place

    done = await asyncio.gather(give("school"), give("far_school"), return_exceptions=True)
    (place,) = (each for each in done if isinstance(each, str))
    (refused,) = (each for each in done if not isinstance(each, str))
    assert isinstance(refused, UnitCodeTaken)
    async with real_pool.connection() as db:
        for each in ("school", "far_school"):
            unit_id = getattr(city, each)["id"]
            shown = await get_unit(db, city.city_admin.actor, unit_id=unit_id)
            assert shown["code"] == (CODE if each == place else None)
