"""Searching teachers by name, pinyin and initials."""

import pytest

from app.domain.people.search import SearchTooShort, search_teachers
from app.domain.people.teachers.correcting import TeacherCorrection, correct_teacher
from app.request import Resources
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import NOW, City
from tests.make_people import enter_person

NAMES = ("单晓红", "曾祥红", "尉迟敬德", "阿依努尔·买买提", "Anna Li", "李单", "吕娜")


@pytest.fixture
async def named(db: Connection, city: City, resources: Resources) -> City:
    for number, name in enumerate(NAMES):
        await enter_person(db, city, resources, name=name, id_number=f"E1234567{number}")
    await enter_person(db, city, resources, "far_school", name="单立", id_number="E22222222")
    return city


async def found(db: Connection, city: City, q: str, who: str = "school_admin") -> list[str]:
    rows = await search_teachers(db, getattr(city, who).actor, q=q)
    return [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("单", ["单晓红", "李单"]),
        ("晓红", ["单晓红"]),
        ("红", ["单晓红", "曾祥红"]),
        ("shanxiao", ["单晓红"]),
        ("Shan Xiao-hong", ["单晓红"]),
        ("sxh", ["单晓红"]),
        ("zeng", ["曾祥红"]),
        ("zxh", ["曾祥红"]),
        ("yuchi", ["尉迟敬德"]),
        ("ycjd", ["尉迟敬德"]),
        ("jingde", ["尉迟敬德"]),
        ("买买提", ["阿依努尔·买买提"]),
        ("阿依努尔买", ["阿依努尔·买买提"]),
        ("mmt", ["阿依努尔·买买提"]),
        ("ANNA", ["Anna Li"]),
        ("lvna", ["吕娜"]),
        ("lü", ["吕娜"]),
        ("lyu", ["吕娜"]),
        ("ceng", []),
        ("%红", ["单晓红", "曾祥红"]),
        ("__", None),
        ("%", None),
        ("a", None),
        ("':*", None),
        ("红'|", ["单晓红", "曾祥红"]),
        ("红\\", ["单晓红", "曾祥红"]),
    ],
)
async def test_what_is_typed_finds(
    db: Connection, named: City, q: str, names: list[str] | None
) -> None:
    if names is None:
        with pytest.raises(SearchTooShort):
            await found(db, named, q)
    else:
        assert await found(db, named, q) == names


async def test_the_nearest_come_first_and_no_more_than_asked(
    db: Connection, named: City, resources: Resources
) -> None:
    await enter_person(db, named, resources, name="单", id_number="E33333333")
    assert await found(db, named, "单") == ["单", "单晓红", "李单"]
    rows = await search_teachers(db, named.school_admin.actor, q="单", limit=1)
    assert [row["name"] for row in rows] == ["单"]


async def test_nobody_is_found_beyond_the_own_place(db: Connection, named: City) -> None:
    assert await found(db, named, "shan", "other_county_admin") == ["单立"]
    assert await found(db, named, "shan", "county_admin") == ["单晓红"]
    assert await found(db, named, "shan", "city_admin") == ["单晓红", "单立"]
    assert await found(db, named, "shan", "teacher_account") == []


async def test_a_name_that_was_corrected_is_found_by_the_right_one(
    db: Connection, named: City, resources: Resources
) -> None:
    [row] = await search_teachers(db, named.school_admin.actor, q="单晓红")
    await correct_teacher(
        db, named.school_admin.actor, teacher_id=row["id"], cipher=resources.cipher, now=NOW,
        correction=TeacherCorrection(name="仇晓红"),
    )  # fmt: skip
    assert await found(db, named, "qiuxh") == []
    assert await found(db, named, "qiuxiao") == ["仇晓红"]
    assert await found(db, named, "shan") == []


async def test_a_search_is_one_statement(pool: SharedPool, named: City) -> None:
    async with pool.connection() as db:
        await found(db, named, "hong")
        assert db.statements == 1
