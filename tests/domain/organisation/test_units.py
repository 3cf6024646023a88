"""What a unit can be is the database's to say: each illegal placement is tried against it itself."""

from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.errors import NotAllowed
from app.domain.organisation.units import (
    CannotSupervise,
    Level,
    LocationClass,
    NewUnit,
    NotASchool,
    Stage,
    UnitChanges,
    UnitNotFound,
    counties_of,
    create_unit,
    list_children,
    list_units,
    schools_of,
    units_by_id,
    update_unit,
)
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_unit

ALL = PageRequest(limit=100)

FAMILY = "fk_unit_parent_id_city_id"
SHAPE = "ck_unit_place"


@pytest.fixture
async def elsewhere(db: Connection, city: City) -> Row:
    """Another city, beside the one of the test."""
    return await make_unit(db, "别市", Level.CITY)


@pytest.mark.parametrize(
    ("level", "parent", "changed", "constraint"),
    [
        (Level.SCHOOL, "school", {}, FAMILY),
        (Level.COUNTY, "county", {}, SHAPE),
        (Level.COUNTY, "county", {"city_id": "county"}, FAMILY),
        (Level.COUNTY, "city", {"parent_id": None}, SHAPE),
        (Level.COUNTY, "city", {"school_id": "school"}, SHAPE),
        (Level.COUNTY, "city", {"county_id": "county"}, SHAPE),
        (Level.COUNTY, "city", {"city_id": "elsewhere"}, SHAPE),
        (Level.COUNTY, "city", {"city_id": "elsewhere", "parent_id": "elsewhere"}, None),
        (Level.SCHOOL, "county", {"city_id": "elsewhere"}, FAMILY),
        (Level.SCHOOL, "county", {"county_id": "other_county"}, SHAPE),
        (Level.SCHOOL, "county", {"school_id": "school"}, SHAPE),
        (Level.SCHOOL, "county", {"school_id": None}, SHAPE),
        (Level.SCHOOL, "county", {"parent_id": "nothing", "county_id": "nothing"}, FAMILY),
        (Level.CITY, None, {"parent_id": "city"}, SHAPE),
        (Level.CITY, None, {"city_id": "city"}, SHAPE),
        (Level.CITY, None, {"stages": [Stage.PRIMARY]}, "ck_unit_only_schools_have_stages"),
        ("district", "city", {}, "ck_unit_level"),
    ],
)
async def test_an_illegal_place_is_refused_by_the_database(
    db: Connection, city: City, elsewhere: Row, level: Level, parent: str | None,
    changed: dict[str, Any], constraint: str | None,
) -> None:  # fmt: skip
    known = {"elsewhere": elsewhere["id"], "nothing": new_id()}

    def meant(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return known[value] if value in known else getattr(city, value)["id"]

    above = getattr(city, parent) if parent else None
    more = {name: meant(value) for name, value in changed.items()}
    if constraint is None:
        row = await make_unit(db, "新", level, above, **more)
        assert row["city_id"] == elsewhere["id"]
        return
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await make_unit(db, "新", level, above, **more)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize(
    ("place", "constraint"),
    [
        (("city", "other_county", "school"), "fk_teacher_school_id_county_id_city_id"),
        (("city", "county", "direct_school"), "fk_teacher_school_id_county_id_city_id"),
        (("elsewhere", "county", "school"), "fk_teacher_"),
        (("elsewhere", "elsewhere", "school"), "fk_teacher_"),
        (("city", "school", "school"), "ck_teacher_school_is_no_bureau"),
        (("city", "county", "county"), "ck_teacher_school_is_no_bureau"),
    ],
)
async def test_nobody_is_placed_between_units(
    driver: asyncpg.Connection, city: City, elsewhere: Row, place: tuple[str, ...], constraint: str
) -> None:
    ids = [(elsewhere if name == "elsewhere" else getattr(city, name))["id"] for name in place]
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await driver.execute(
            "UPDATE teacher SET city_id = $1, county_id = $2, school_id = $3 WHERE id = $4",
            *ids, city.teacher["id"],
        )  # fmt: skip
    assert (refused.value.constraint_name or "").startswith(constraint)


async def test_a_school_that_moves_takes_its_people_and_accounts_along(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    before = await driver.fetchval("SELECT max(change_sequence) FROM teacher")
    await driver.execute(
        "UPDATE unit SET parent_id = $1, county_id = $1 WHERE id = $2",
        city.other_county["id"], city.school["id"],
    )  # fmt: skip
    place = (city.city["id"], city.other_county["id"], city.school["id"])
    for table in ("unit", "teacher", "account"):
        rows = await driver.fetch(
            f"SELECT * FROM {table} WHERE school_id = $1",  # noqa: S608
            city.school["id"],
        )
        assert {tuple(row[name] for name in PLACE) for row in rows} == {place}
    moved = await driver.fetch("SELECT id FROM teacher WHERE change_sequence > $1", before)
    assert {row["id"] for row in moved} == {city.teacher["id"], city.colleague["id"]}
    seen = await list_units(db, city.other_county_admin.actor, page=ALL, level=Level.SCHOOL)
    assert [row["name"] for row in seen.items] == ["乙县第一小学", "甲县第一小学"]


async def test_a_bureau_with_schools_stays_one(driver: asyncpg.Connection, city: City) -> None:
    as_school = "level = 'school', parent_id = city_id, county_id = city_id, school_id = id"
    below = f"parent_id = '{city.other_county['id']}', county_id = '{city.other_county['id']}'"
    for changed in (as_school, below):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with driver.transaction():
                await driver.execute(
                    f"UPDATE unit SET {changed} WHERE id = $1",  # noqa: S608
                    city.county["id"],
                )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await driver.execute("DELETE FROM unit WHERE id = $1", city.zone["id"])


def new_school(parent: Row, **changed: Any) -> NewUnit:
    fields = {
        "name": "新校", "level": Level.SCHOOL, "stages": [Stage.PRIMARY], "parent_id": parent["id"],
    }  # fmt: skip
    return NewUnit.model_validate(fields | changed)


async def test_a_city_direct_school_has_the_city_as_its_bureau(db: Connection, city: City) -> None:
    new = new_school(city.city, stages=[Stage.JUNIOR_SECONDARY, Stage.SENIOR_SECONDARY])
    row = await create_unit(db, city.city_admin.actor, new=new, now=NOW)
    assert row == {
        "id": row["id"], "name": "新校", "stages": ["junior_secondary", "senior_secondary"],
        "level": "school", "parent_id": city.city["id"], "city_id": city.city["id"],
        "county_id": city.city["id"], "code": None,
        "location": None, "location_code": None, "closed_on": None,
    }  # fmt: skip
    page = await list_units(
        db, city.city_admin.actor, page=ALL, parent_id=city.city["id"], stage=Stage.SENIOR_SECONDARY
    )
    assert [unit["name"] for unit in page.items] == ["新校"]


async def test_a_zone_has_no_code_and_supervises_schools(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    zone = NewUnit(name="新功能区", level=Level.COUNTY, parent_id=city.city["id"])
    made = await create_unit(db, actor, new=zone, now=NOW)
    assert (made["code"], made["county_id"]) == (None, made["id"])
    school = await create_unit(db, actor, new=new_school(made), now=NOW)
    assert school["county_id"] == made["id"]


@pytest.mark.parametrize(
    ("who", "parent", "refusal"),
    [
        ("county_admin", "city", NotAllowed),
        ("county_admin", "other_county", UnitNotFound),
        ("county_admin", "direct_school", UnitNotFound),
        ("county_admin", "school", CannotSupervise),
        ("school_admin", "school", NotAllowed),
        ("school_admin", "county", NotAllowed),
        ("auditor", "county", NotAllowed),
        ("teacher_account", "school", NotAllowed),
    ],
)
async def test_units_are_set_up_from_above_only(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, parent: str,
    refusal: type[Exception],
) -> None:  # fmt: skip
    before = await driver.fetchval("SELECT count(*) FROM unit")
    new = new_school(getattr(city, parent))
    with pytest.raises(refusal):
        await create_unit(db, getattr(city, who).actor, new=new, now=NOW)
    assert await driver.fetchval("SELECT count(*) FROM unit") == before


@pytest.mark.parametrize(
    "changed",
    [
        {"stages": []}, {"stages": ["primary"] * 5}, {"level": "city"}, {"code": "430602"},
        {"code": "４３０６０２１２３４"}, {"code": "21430 0001"},
        {"stages": ["primary", "primary"]}, {"level": "county"}, {"code": "9943000001"},
        {"location_code": "111"}, {"location": "rural", "location_code": "111"},
        {"name": "校"}, {"name": " 校 "}, {"parent_id": None}, {"city_id": str(new_id())},
    ],
)  # fmt: skip
def test_what_no_unit_can_be(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_school({"id": new_id()}, **changed)


async def test_a_school_changes_its_stages_and_where_it_lies(db: Connection, city: City) -> None:
    actor, unit_id = city.county_admin.actor, city.school["id"]
    changes = UnitChanges(stages=[Stage.PRIMARY, Stage.JUNIOR_SECONDARY], location_code="121")
    row = await update_unit(db, actor, unit_id=unit_id, changes=changes, now=NOW)
    assert row["stages"] == ["primary", "junior_secondary"]
    assert (row["location"], row["location_code"]) == ("town", "121")
    for location, found in ((LocationClass.TOWN, [unit_id]), (LocationClass.RURAL, [])):
        page = await list_units(db, actor, page=ALL, location=location)
        assert [unit["id"] for unit in page.items] == found
    # A class without its finer one: the former finer class belonged to the former class.
    changes = UnitChanges(location=LocationClass.RURAL)
    row = await update_unit(db, actor, unit_id=unit_id, changes=changes, now=NOW)
    assert (row["location"], row["location_code"], len(row["stages"])) == ("rural", None, 2)
    unchanged = UnitChanges()
    assert await update_unit(db, actor, unit_id=unit_id, changes=unchanged, now=NOW) == row
    for who, place, refusal in (
        ("school_admin", "school", NotAllowed), ("county_admin", "far_school", UnitNotFound),
        ("county_admin", "county", NotASchool),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await update_unit(
                db, getattr(city, who).actor, unit_id=getattr(city, place)["id"], changes=changes,
                now=NOW,
            )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"location": "urban", "location_code": "121"}, {"location_code": "130"},
        {"stages": ["primary", "primary"]}, {"stages": []}, {"name": "改名"},
    ],
)  # fmt: skip
def test_what_no_school_can_become(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        UnitChanges.model_validate(changes)


@pytest.mark.parametrize(
    ("place", "changed", "constraint"),
    [
        ("county", "location = 'rural'", "only_schools_lie_somewhere"),
        ("school", "location = 'rural', location_code = '111'", "location_code"),
        ("school", "location_code = '111'", "location_code"),
        ("school", "location = 'moon'", "location_class"),
        ("city", "closed_on = '2026-01-01'", "a_city_stays_open"),
    ],
)
async def test_the_database_keeps_to_it(
    driver: asyncpg.Connection, city: City, place: str, changed: str, constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await driver.execute(
            f"UPDATE unit SET {changed} WHERE id = $1",  # noqa: S608
            getattr(city, place)["id"],
        )
    assert refused.value.constraint_name == f"ck_unit_{constraint}"


async def test_edges_show_each_parent_its_own(db: Connection, city: City) -> None:
    ids = [city.city["id"], city.county["id"], city.other_county["id"]]

    async def names(read: Any, actor: Actor) -> list[list[str]]:
        before = db.statements
        found = await read(db, actor, unit_ids=ids)
        assert db.statements - before <= 1
        return [[row["name"] for row in found[each]] for each in ids]

    whole, own = city.auditor.actor, city.county_admin.actor
    assert await names(counties_of, whole) == [["乙县", "测试功能区", "甲县"], [], []]
    assert await names(counties_of, own) == [["甲县"], [], []]
    assert await names(schools_of, whole) == [
        ["市直第一中学"], ["甲县第一小学", "甲县第二小学"], ["乙县第一小学"],
    ]  # fmt: skip
    assert await names(schools_of, own) == [[], ["甲县第一小学", "甲县第二小学"], []]
    assert await names(schools_of, city.teacher_account.actor) == [[], [], []]
    found = await units_by_id(db, own, unit_ids=ids)
    assert [row and row["name"] for row in found.values()] == ["测试市", "甲县", None]


async def test_children_of_what_lies_above_are_ones_own_only(db: Connection, city: City) -> None:
    page = await list_children(db, city.school_admin.actor, unit_id=city.county["id"], page=ALL)
    assert [row["name"] for row in page.items] == ["甲县第一小学"]
    with pytest.raises(UnitNotFound):
        await list_children(db, city.school_admin.actor, unit_id=city.sibling["id"], page=ALL)
