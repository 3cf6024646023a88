from datetime import date, timedelta

import asyncpg
import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import DayInFuture, FactNotLater
from app.domain.organisation.names_and_codes import CodeKind, UnitCalled, UnitNotThen, name_units
from app.domain.organisation.unit_names import (
    NameUnchanged,
    NewName,
    list_unit_names,
    rename_unit,
)
from app.domain.organisation.units import UnitNotFound, get_unit, list_units
from app.domain.paging import PageRequest
from app.sql import Connection
from tests.make import NOW, TODAY, City

FOUNDED = NOW - timedelta(days=1000)
RENAMED = TODAY - timedelta(days=100)
CODE = "2143000001"


@pytest.fixture
async def named(db: Connection, city: City) -> City:
    """The city, its first school founded a while ago with a code and renamed since."""
    called = UnitCalled(city.school["id"], "甲县第一小学", CODE, CodeKind.SCHOOL)
    await name_units(db, called=[called], now=FOUNDED)
    await rename_unit(
        db, city.county_admin.actor, unit_id=city.school["id"],
        new=NewName(name="甲县实验小学", valid_from=RENAMED), now=NOW,
    )  # fmt: skip
    return city


async def test_a_unit_has_the_name_of_the_day(db: Connection, named: City) -> None:
    actor, unit_id = named.school_admin.actor, named.school["id"]
    for day, name in (
        (RENAMED, "甲县实验小学"), (RENAMED - timedelta(days=1), "甲县第一小学"),
    ):  # fmt: skip
        shown = await get_unit(db, actor, unit_id=unit_id, as_of=day)
        assert (shown["name"], shown["code"]) == (name, CODE)
    assert (await get_unit(db, actor, unit_id=unit_id))["name"] == "甲县实验小学"
    with pytest.raises(UnitNotThen):
        await get_unit(db, actor, unit_id=unit_id, as_of=date(2000, 1, 1))
    # Before the renaming was recorded, the system believed the former name of every day.
    yesterday = TODAY - timedelta(days=1)
    believed = await get_unit(db, actor, unit_id=unit_id, as_of=TODAY, known_on=yesterday)
    assert believed["name"] == "甲县第一小学"


async def test_names_are_told_in_their_order(db: Connection, named: City) -> None:
    names = await list_unit_names(db, named.school_admin.actor, unit_id=named.school["id"])
    assert [(row["name"], row["valid_to"]) for row in names] == [
        ("甲县第一小学", RENAMED), ("甲县实验小学", None),
    ]  # fmt: skip
    with pytest.raises(UnitNotFound):
        await list_unit_names(db, named.sibling_admin.actor, unit_id=named.school["id"])


@pytest.mark.parametrize("words", ["甲县第一小学", "甲县实验小学", CODE])
async def test_a_unit_is_found_by_what_it_was_called(
    db: Connection, named: City, words: str
) -> None:
    page = PageRequest()
    found = await list_units(db, named.city_admin.actor, page=page, known_as=words)
    assert [row["id"] for row in found.items] == [named.school["id"]]
    assert (await list_units(db, named.sibling_admin.actor, page=page, known_as=words)).items == []


async def test_a_name_of_the_same_day_is_corrected(db: Connection, named: City) -> None:
    actor, unit_id = named.county_admin.actor, named.school["id"]
    later = NOW + timedelta(hours=1)
    new = NewName(name="甲县试验小学", valid_from=RENAMED)
    await rename_unit(db, actor, unit_id=unit_id, new=new, now=later)
    names = await list_unit_names(db, actor, unit_id=unit_id)
    assert [row["name"] for row in names] == ["甲县第一小学", "甲县试验小学"]


@pytest.mark.parametrize(
    ("who", "name", "day", "refusal"),
    [
        ("county_admin", "甲县实验小学", TODAY, NameUnchanged),
        ("county_admin", "新名称", TODAY + timedelta(days=1), DayInFuture),
        ("county_admin", "新名称", RENAMED - timedelta(days=1), FactNotLater),
        ("school_admin", "新名称", TODAY, NotAllowed),
        ("other_county_admin", "新名称", TODAY, UnitNotFound),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, named: City, who: str, name: str, day: date,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await driver.fetch("SELECT * FROM unit_named ORDER BY id")
    new = NewName(name=name, valid_from=day)
    savepoint = driver.transaction()
    await savepoint.start()
    with pytest.raises(refusal):
        await rename_unit(
            db, getattr(named, who).actor, unit_id=named.school["id"], new=new, now=NOW
        )
    await savepoint.rollback()
    assert await driver.fetch("SELECT * FROM unit_named ORDER BY id") == before
