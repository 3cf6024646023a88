"""What the database keeps of where schools lie, and what is made of a finer class."""

from datetime import timedelta

import asyncpg
import pytest

from app.domain.organisation.location_classes import (
    LocatedFields,
    LocationClass,
    UnitLocated,
    class_of,
    locate_unit,
    location_of,
)
from app.sql import CheckViolationError, Connection, ExclusionViolationError, new_id
from tests.make import NOW, TODAY, City

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("codes", "location"),
    [
        (("111", "112"), LocationClass.URBAN),
        (("121", "122", "123"), LocationClass.TOWN),
        (("210", "220"), LocationClass.RURAL),
    ],
)
def test_a_finer_class_belongs_to_one(codes: tuple[str, ...], location: LocationClass) -> None:
    assert {class_of(code) for code in codes} == {location}


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"location_code": "121"}, CheckViolationError),
        ({"location": "sea"}, CheckViolationError),
        ({"valid_to": TODAY}, CheckViolationError),
        ({"valid_from": TODAY + DAY}, ExclusionViolationError),
    ],
)
async def test_what_the_database_refuses(
    db: Connection, city: City, changed: dict[str, object], refusal: type[Exception]
) -> None:
    located = LocatedFields(location=LocationClass.TOWN)
    unit_id = city.school["id"]
    if refusal is ExclusionViolationError:
        await locate_unit(db, unit_id=unit_id, located=located, since=TODAY, now=NOW)
    fact = {"id": new_id(), "unit_id": unit_id, "location": "rural", "valid_from": TODAY}
    with pytest.raises(refusal):
        await db.insert(UnitLocated, fact | {"recorded_at": NOW} | changed)


async def test_nothing_of_it_is_rewritten_or_removed(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    located = LocatedFields(location=LocationClass.TOWN)
    await locate_unit(db, unit_id=city.school["id"], located=located, since=TODAY, now=NOW)
    for statement in ("UPDATE unit_located SET location = 'rural'", "DELETE FROM unit_located"):
        savepoint = driver.transaction()
        await savepoint.start()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute(statement)
        await savepoint.rollback()


async def test_between_two_facts_it_is_not_known(db: Connection, city: City) -> None:
    """In a town for ten days, then unknown for ten, then in the country."""
    unit_id, begun = city.school["id"], TODAY - 30 * DAY
    for days, location in ((0, LocationClass.TOWN), (10, None), (20, LocationClass.RURAL)):
        located = None if location is None else LocatedFields(location=location)
        since = begun + days * DAY
        await locate_unit(db, unit_id=unit_id, located=located, since=since, now=NOW)
    told = [
        (await location_of(db, unit_id=unit_id, day=begun + days * DAY, known_at=NOW))["location"]
        for days in (-99, 0, 9, 10, 19, 20)
    ]
    assert told == ["town", "town", "town", None, None, "rural"]
