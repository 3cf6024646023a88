from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.designations import (
    DesignationEnd,
    DesignationExists,
    DesignationKind,
    DesignationLevel,
    DesignationNotFound,
    NewDesignation,
    award_designation,
    designations_of,
    end_designation,
    list_designation_counts,
    list_designations,
)
from app.domain.organisation.facts import DayInFuture, FactEnded, FactNotLater
from app.domain.organisation.units import Level, NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_unit

ALL = PageRequest(limit=100)
SINCE = date(2016, 11, 29)


def new(**changed: Any) -> NewDesignation:
    fields = {
        "kind": "experimental", "level": "city", "title": "高效课堂实验校", "issuer": "市教育局",
        "document": "市教发〔2016〕8号", "valid_from": SINCE,
    }  # fmt: skip
    return NewDesignation.model_validate(fields | changed)


async def award(db: Connection, by: Person, unit: Row, **changed: Any) -> Row:
    return await award_designation(db, by.actor, unit_id=unit["id"], new=new(**changed), now=NOW)


async def listed(db: Connection, by: Person, **filters: Any) -> Sequence[Row]:
    return (await list_designations(db, by.actor, page=ALL, **filters)).items


async def test_four_municipal_and_eight_county_schools_are_counted(
    db: Connection, city: City
) -> None:
    """The figures of a county's work report: 四所市级实验校、八所县级实验校、一所市级示范基地校."""
    for number in range(12):
        school = await make_unit(db, f"实验{number:02d}", Level.SCHOOL, city.county)
        level = "city" if number < 4 else "county"
        await award(db, city.county_admin, school, level=level)
    await award(
        db, city.county_admin, city.school, kind="demonstration_base", title="市级示范基地校"
    )
    before = db.statements
    counts = await list_designation_counts(
        db, city.county_admin.actor, unit_id=city.county["id"], now=NOW
    )
    assert db.statements - before == 2
    assert [(row["level"], row["kind"], row["schools"]) for row in counts] == [
        ("city", "demonstration_base", 1), ("city", "experimental", 4),
        ("county", "experimental", 8),
    ]  # fmt: skip
    city_wide = await list_designation_counts(
        db, city.city_admin.actor, unit_id=city.city["id"], now=NOW, as_of=SINCE - timedelta(1)
    )
    assert city_wide == []
    filters = {"level": DesignationLevel.CITY, "kind": DesignationKind.EXPERIMENTAL}
    assert len(await listed(db, city.county_admin, county_id=city.county["id"], **filters)) == 4


async def test_a_title_is_held_until_it_ends(db: Connection, city: City) -> None:
    by, unit_id = city.county_admin, city.school["id"]
    given = await award(db, by, city.school)
    assert (given["unit_name"], given["title"]) == ("甲县第一小学", "高效课堂实验校")
    ended_on, later = date(2020, 1, 1), NOW + timedelta(days=3)
    ended = await end_designation(
        db, by.actor, designation_id=given["id"], end=DesignationEnd(on=ended_on), now=later
    )
    assert ended["valid_to"] == ended_on
    for day, number in ((date(2019, 12, 31), 1), (ended_on, 0), (TODAY, 0)):
        assert len(await listed(db, by, unit_id=unit_id, as_of=day)) == number
    assert len(await listed(db, by, unit_id=unit_id, as_of=TODAY, known_on=TODAY)) == 1
    assert len(await listed(db, by, unit_id=unit_id)) == 1
    found = await designations_of(db, by.actor, unit_ids=[unit_id, city.sibling["id"]])
    assert [len(rows) for rows in found.values()] == [1, 0]
    with pytest.raises(FactEnded):
        await end_designation(
            db, by.actor, designation_id=given["id"], end=DesignationEnd(on=ended_on), now=later
        )


async def test_each_sees_the_own_schools_titles(db: Connection, city: City) -> None:
    for school in (city.school, city.sibling, city.far_school):
        await award(db, city.city_admin, school)
    seen = {
        who: len(await listed(db, getattr(city, who)))
        for who in ("city_admin", "county_admin", "other_county_admin", "school_admin")
    }
    assert seen == {"city_admin": 3, "county_admin": 2, "other_county_admin": 1, "school_admin": 1}


@pytest.mark.parametrize(
    ("who", "place", "changed", "refusal"),
    [
        ("county_admin", "school", {}, DesignationExists),
        ("county_admin", "county", {}, NotASchool),
        ("county_admin", "sibling", {"valid_from": TODAY + timedelta(1)}, DayInFuture),
        ("county_admin", "sibling", {"valid_to": SINCE}, FactNotLater),
        ("school_admin", "school", {"title": "别的"}, NotAllowed),
        ("county_admin", "far_school", {}, UnitNotFound),
    ],
)
async def test_what_is_refused(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, place: str,
    changed: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    await award(db, city.county_admin, city.school)
    with pytest.raises(refusal):
        async with db.transaction():
            await award(db, getattr(city, who), getattr(city, place), **changed)
    assert await driver.fetchval("SELECT count(*) FROM designation") == 1


async def test_who_cannot_see_it_cannot_end_it(db: Connection, city: City) -> None:
    given = await award(db, city.county_admin, city.school)
    for who, refusal in (
        (city.other_county_admin, DesignationNotFound), (city.school_admin, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await end_designation(
                db, who.actor, designation_id=given["id"], end=DesignationEnd(), now=NOW
            )
    with pytest.raises(FactNotLater):
        await end_designation(
            db, city.county_admin.actor, designation_id=given["id"],
            end=DesignationEnd(on=SINCE - timedelta(1)), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("changed", [{"level": "galaxy"}, {"title": "x"}, {"colour": "red"}])
def test_what_no_title_can_be(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new(**changed)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"valid_to": "2099-01-01"}, {"valid_to": "2098-01-01"}),
        ({"valid_to": "2020-01-01"}, {"valid_from": "2019-12-31"}),
    ],
)
async def test_a_title_is_held_once_at_a_time_though_it_ends(
    driver: asyncpg.Connection, db: Connection, city: City, first: dict[str, Any],
    second: dict[str, Any],
) -> None:  # fmt: skip
    await award(db, city.county_admin, city.school, **first)
    with pytest.raises(DesignationExists):
        async with db.transaction():
            await award(db, city.county_admin, city.school, **second)
    assert await driver.fetchval("SELECT count(*) FROM designation") == 1
