"""The nightly sync of the guide: a file entered, a mirror that follows, a broken file that enters nothing."""

import json
from pathlib import Path

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Permission, Role
from tests.integrate.conftest import make_application, play, play_to
from tests.make import City, id_number
from tests.make_imports import PEOPLE_HEAD, csv
from tests.streams import Serving

SCOPES = {
    Permission.IMPORT_WRITE, Permission.TEACHER_WRITE,
    Permission.UNIT_READ, Permission.TEACHER_READ, Permission.GROUP_READ, Permission.CHANGE_READ,
}  # fmt: skip


@pytest.fixture
async def settings_of(at: Serving, city: City, real_pool: Pool) -> dict[str, str]:
    async with real_pool.transaction() as db:
        known = await make_application(db, city.county, Role.COUNTY_ADMIN, SCOPES)
    return known | {"YANXUN_URL": f"http://{at.address}", "YANXUN_UNIT": str(city.county["id"])}


def roster(city: City, *numbers: str) -> bytes:
    school = city.school["name"]
    return csv(PEOPLE_HEAD, *(f"张小燕,{number},{school},语文,小学," for number in numbers))


async def test_a_night_enters_a_file_and_the_next_one_nothing(
    settings_of: dict[str, str], city: City, tmp_path: Path
) -> None:
    keep, file = tmp_path / "mirror.db", tmp_path / "people.csv"
    file.write_bytes(roster(city, id_number(), id_number()))
    night = ("nightly.py", str(keep), str(file))
    first = await play(*night, **settings_of)
    assert first[0] == "entered: 2, unchanged: 0, refused: 0"
    assert first[2] == "teachers: 5", "three of the county, and the two of the file"
    again = await play(*night, **settings_of)
    assert again == [first[0], "changes: 0", "teachers: 5"], "the same file is the same import"
    held = await play("nightly.py", str(keep), "--keys")
    assert {str(city.teacher["id"]), str(city.school["id"])} <= set(held)
    assert str(city.far_teacher["id"]) not in held


async def test_refused_rows_are_told_and_a_broken_file_enters_nothing(
    settings_of: dict[str, str], city: City, tmp_path: Path
) -> None:
    keep, file = tmp_path / "mirror.db", tmp_path / "people.csv"
    night = ("nightly.py", str(keep), str(file))
    file.write_bytes(roster(city, *(id_number() for _ in range(20)), "12"))
    said = await play_to(3, *night, **settings_of)
    assert said[0] == "entered: 20, unchanged: 0, refused: 1"
    [refused] = (tmp_path / "people.csv.refused.jsonl").read_text().splitlines()
    assert json.loads(refused)["number"] == 22
    file.write_bytes(roster(city, id_number(), "12"))
    [said_why] = await play_to(1, *night, **settings_of)
    assert said_why == "1 of 2 rows are refused: nothing was entered"


async def test_what_leaves_the_reach_leaves_the_mirror_with_what_lies_in_it(
    settings_of: dict[str, str], city: City, tmp_path: Path, real_pool: Pool
) -> None:
    keep, file = tmp_path / "mirror.db", tmp_path / "people.csv"
    file.write_bytes(roster(city, id_number()))
    night = ("nightly.py", str(keep), str(file))
    await play(*night, **settings_of)
    async with real_pool.transaction() as db:
        await db._driver.execute(
            "UPDATE unit SET parent_id = $2, county_id = $2 WHERE id = $1",
            city.sibling["id"], city.other_county["id"],
        )  # fmt: skip
    await play(*night, **settings_of)
    held = await play("nightly.py", str(keep), "--keys")
    assert not {str(city.sibling["id"]), str(city.sibling_teacher["id"])} & set(held)
    assert str(city.teacher["id"]) in held


async def test_a_refusal_is_told_by_its_code(
    settings_of: dict[str, str], city: City, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(roster(city, id_number()))
    elsewhere = settings_of | {"YANXUN_UNIT": str(city.other_county["id"])}
    said = await play_to(1, "nightly.py", str(tmp_path / "kept"), str(file), **elsewhere)
    assert said[-1].startswith("unit_not_found: ")
