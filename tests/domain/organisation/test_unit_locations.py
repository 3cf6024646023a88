import asyncio
from contextlib import suppress
from datetime import date, timedelta

import asyncpg
import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture
from app.domain.organisation.names_and_codes import CodeKind, UnitCalled, name_units
from app.domain.organisation.unit_locations import (
    LocationUnchanged,
    NewLocation,
    classify_unit,
    list_unit_locations,
)
from app.domain.organisation.units import (
    LocationClass,
    NewUnit,
    NotASchool,
    UnitChanges,
    UnitNotFound,
    create_unit,
    get_unit,
    update_unit,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, make_city

SINCE, LATER = date(2020, 9, 1), date(2024, 9, 1)
DAY = timedelta(days=1)


async def classify(db: Connection, city: City, since: date | None = None, **said: str) -> Row:
    new = NewLocation.model_validate({**said, "valid_from": since})
    return await classify_unit(
        db, city.county_admin.actor, unit_id=city.school["id"], new=new, now=NOW
    )


async def history(db: Connection, city: City) -> list[tuple[str, str | None, date, date | None]]:
    rows = await list_unit_locations(db, city.school_admin.actor, unit_id=city.school["id"])
    names = ("location", "location_code", "valid_from", "valid_to")
    return [tuple(row[name] for name in names) for row in rows]


@pytest.fixture
async def classed(db: Connection, city: City) -> City:
    """The city, its first school in the country since 2020 and in a town since 2024."""
    called = UnitCalled(city.school["id"], city.school["name"], None, CodeKind.SCHOOL)
    await name_units(db, called=[called], now=NOW - timedelta(days=4000))
    await classify(db, city, SINCE, location="rural", location_code="220")
    await classify(db, city, LATER, location="town", location_code="121")
    return city


async def test_a_school_lies_where_it_lay_on_the_day(db: Connection, classed: City) -> None:
    """Before the first day that is recorded too; and nobody knew of it before it was recorded."""
    actor, unit_id = classed.school_admin.actor, classed.school["id"]
    for day, said in (
        (LATER, ("town", "121")), (LATER - DAY, ("rural", "220")), (SINCE - DAY, ("rural", "220")),
    ):  # fmt: skip
        shown = await get_unit(db, actor, unit_id=unit_id, as_of=day)
        assert (shown["location"], shown["location_code"]) == said
    now = await get_unit(db, actor, unit_id=unit_id)
    assert (now["location"], now["location_code"]) == ("town", "121")
    believed = await get_unit(db, actor, unit_id=unit_id, as_of=LATER, known_on=TODAY - DAY)
    assert (believed["location"], believed["location_code"]) == (None, None)
    assert await history(db, classed) == [
        ("rural", "220", SINCE, LATER), ("town", "121", LATER, None),
    ]  # fmt: skip
    with pytest.raises(UnitNotFound):
        await list_unit_locations(db, classed.sibling_admin.actor, unit_id=unit_id)


async def test_what_is_recorded_from_a_day_on_supersedes_what_is_said_of_later_days(
    db: Connection, driver: asyncpg.Connection, classed: City
) -> None:
    await classify(db, classed, date(2022, 9, 1), location="town")
    assert await history(db, classed) == [
        ("rural", "220", SINCE, date(2022, 9, 1)), ("town", None, date(2022, 9, 1), None),
    ]  # fmt: skip
    superseded = "SELECT count(*) FROM unit_located WHERE superseded_at IS NOT NULL"
    assert await driver.fetchval(superseded) == 3


async def test_what_is_entered_and_changed_in_the_register_is_dated(
    db: Connection, city: City
) -> None:
    """From the day of entering on; said to be unknown from today, it is known until today."""
    actor = city.county_admin.actor
    new = NewUnit.model_validate(
        {"parent_id": city.county["id"], "level": "school", "name": "新设小学",
         "stages": ["primary"], "location": "rural"}
    )  # fmt: skip
    made = await create_unit(db, actor, new=new, now=NOW - 10 * DAY)
    key = made["id"]
    changes = UnitChanges(location=None)
    gone = await update_unit(db, actor, unit_id=key, changes=changes, now=NOW)
    assert gone["location"] is None
    [fact] = await list_unit_locations(db, actor, unit_id=key)
    assert (fact["location"], fact["valid_from"], fact["valid_to"]) == (
        "rural", TODAY - 10 * DAY, TODAY,
    )  # fmt: skip
    assert (await get_unit(db, actor, unit_id=key, as_of=TODAY))["location"] is None
    assert (await get_unit(db, actor, unit_id=key, as_of=TODAY - DAY))["location"] == "rural"
    again = UnitChanges(location=LocationClass.TOWN)
    for _ in range(2):
        # What it is already is no other fact.
        await update_unit(db, actor, unit_id=key, changes=again, now=NOW)
    told = await list_unit_locations(db, actor, unit_id=key)
    assert [row["location"] for row in told] == ["rural", "town"]


@pytest.mark.parametrize(
    ("who", "place", "said", "refusal"),
    [
        ("county_admin", "school", {"location": "town", "location_code": "121"}, LocationUnchanged),
        ("county_admin", "school", {"location": "rural", "valid_from": TODAY + DAY}, DayInFuture),
        ("county_admin", "county", {"location": "rural"}, NotASchool),
        ("school_admin", "school", {"location": "rural"}, NotAllowed),
        ("other_county_admin", "school", {"location": "rural"}, UnitNotFound),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, classed: City, who: str, place: str,
    said: dict[str, object], refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await driver.fetch("SELECT * FROM unit_located ORDER BY id")
    savepoint = driver.transaction()
    await savepoint.start()
    with pytest.raises(refusal):
        await classify_unit(
            db, getattr(classed, who).actor, unit_id=getattr(classed, place)["id"],
            new=NewLocation.model_validate(said), now=NOW,
        )  # fmt: skip
    await savepoint.rollback()
    assert await driver.fetch("SELECT * FROM unit_located ORDER BY id") == before


@pytest.mark.parametrize(
    "said",
    [{}, {"location": None}, {"location": "rural", "location_code": "111"}, {"location": "sea"}],
)
def test_what_is_no_place(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NewLocation.model_validate(said)


async def test_a_finer_class_is_taken_back_alone(db: Connection, classed: City) -> None:
    city, changes = classed, UnitChanges.model_validate({"location_code": None})
    asked = {"unit_id": city.school["id"], "changes": changes, "now": NOW}
    unit = await update_unit(db, city.county_admin.actor, **asked)
    assert (unit["location"], unit["location_code"]) == ("town", None)
    assert (await history(db, city))[-1] == ("town", None, TODAY, None)


async def test_of_two_changes_the_second_knows_of_the_first(
    real_pool: Pool, resources: Resources
) -> None:
    """It lies in a town; one says in the country, and the other, who has not seen that, in a town."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await classify(db, city, SINCE, location="town")

    async def say(db: Connection, location: str) -> None:
        asked = {"unit_id": city.school["id"], "now": NOW}
        changes = UnitChanges.model_validate({"location": location})
        await update_unit(db, city.county_admin.actor, changes=changes, **asked)

    async with real_pool.transaction() as one:
        await say(one, "rural")

        async def second() -> None:
            async with real_pool.transaction() as other:
                await say(other, "town")

        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.3)
        assert not waiting.done()
    await waiting
    async with real_pool.transaction() as db:
        unit = await get_unit(db, city.county_admin.actor, unit_id=city.school["id"])
        assert (unit["location"], (await history(db, city))[-1][0]) == ("town", "town")


async def test_of_several_at_once_all_are_on_record(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def say(location: str) -> None:
        with suppress(LocationUnchanged):  # it may come after one that said the same
            async with real_pool.transaction() as db:
                await classify(db, city, location=location)

    # Each holds the unit before it changes it: none may wait for one that waits for it.
    await asyncio.gather(*(say(each) for each in ("town", "rural", "urban") * 2))
    async with real_pool.transaction() as db:
        [fact] = await list_unit_locations(
            db, city.county_admin.actor, unit_id=city.school["id"], as_of=TODAY
        )
        unit = await get_unit(db, city.county_admin.actor, unit_id=city.school["id"])
    assert fact["location"] == unit["location"]
