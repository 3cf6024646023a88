import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Uuid, bindparam, select, update
from sqlmodel import col

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.careers import NewRank, Post, Rank, record_fact
from app.domain.people.facts.engagement import Establishment, ServiceState
from app.domain.people.facts.ranks import RANK
from app.domain.people.identity import BadCheckDigit, IdKind
from app.domain.people.teachers import (
    BirthDateImpossible,
    BirthDateMissing,
    NewTeacher,
    NotASchool,
    SchoolRegister,
    Subject,
    Teacher,
    TeacherExists,
    TeacherNotFound,
    create_teacher,
    get_teacher,
    list_teachers,
    teachers_by_id,
    teachers_of,
)
from app.domain.people.teachers.strata import Stratum
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.make import NOW, TODAY, City, Person, id_number, make_city

NUMBER = id_number(date(1990, 5, 17))
TABLES = (
    "teacher", "employment", "teacher_establishment", "teacher_state", "teacher_rank",
    "teacher_post",
)  # fmt: skip


def new_teacher(school: Row, **changed: Any) -> NewTeacher:
    fields = {
        "name": "新教师", "subject": "physics", "stage": "junior_secondary",
        "school_id": school["id"], "id_number": NUMBER,
    }  # fmt: skip
    return NewTeacher.model_validate(fields | changed)


@pytest.fixture
def enter(db: Connection, resources: Resources) -> Any:
    async def create(person: Person, new: NewTeacher) -> Row:
        return await create_teacher(db, person.actor, new=new, cipher=resources.cipher, now=NOW)

    return create


async def rows_in_all(driver: asyncpg.Connection) -> list[int]:
    return [await driver.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]  # noqa: S608


async def test_a_teacher_is_entered_with_a_career_and_a_sealed_number(
    driver: asyncpg.Connection, city: City, enter: Any, resources: Resources
) -> None:
    new = new_teacher(city.school, rank="second_grade", posts=["trainer", "teacher", "trainer"])
    row = await enter(city.school_admin, new)
    assert row == {
        "id": row["id"], "name": "新教师", "subject": "physics", "stage": "junior_secondary",
        "school_id": city.school["id"], "county_id": city.county["id"],
        "city_id": city.city["id"], "rank": "second_grade", "posts": ["teacher", "trainer"],
        "id_number": f"{NUMBER[:4]}**********{NUMBER[-4:]}",
    }  # fmt: skip
    kept = await driver.fetchrow("SELECT * FROM teacher WHERE id = $1", row["id"])
    assert kept["birth_date"] == date(1990, 5, 17)
    assert NUMBER.encode() not in kept["id_number_sealed"]
    context = f"teacher|id_number|{row['id']}"
    assert resources.cipher.open(kept["id_number_sealed"], context=context) == NUMBER
    for table in TABLES[1:]:
        fact = await driver.fetchrow(
            f"SELECT * FROM {table} WHERE teacher_id = $1",  # noqa: S608
            row["id"],
        )
        assert (fact["valid_from"], fact["valid_to"], fact["recorded_at"]) == (TODAY, None, NOW)


@pytest.mark.parametrize(
    ("who", "place", "refusal"),
    [
        ("school_admin", "sibling", UnitNotFound),
        ("school_admin", "county", NotAllowed),
        ("county_admin", "far_school", UnitNotFound),
        ("county_admin", "direct_school", UnitNotFound),
        ("county_admin", "county", NotASchool),
        ("auditor", "school", NotAllowed),
        ("integration", "school", NotAllowed),
        ("teacher_account", "school", NotAllowed),
    ],
)
async def test_only_who_administers_the_school_enters_teachers(
    driver: asyncpg.Connection, city: City, enter: Any, who: str, place: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await rows_in_all(driver)
    with pytest.raises(refusal):
        await enter(getattr(city, who), new_teacher(getattr(city, place)))
    assert await rows_in_all(driver) == before


PASSPORT = {"id_kind": IdKind.PASSPORT, "id_number": "E12345678"}
WRONG = NUMBER[:-1] + ("1" if NUMBER[-1] == "0" else "0")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"id_number": WRONG}, BadCheckDigit),
        ({"birth_date": date(1990, 5, 18)}, BirthDateImpossible),
        (PASSPORT, BirthDateMissing),
        (PASSPORT | {"birth_date": TODAY + timedelta(days=1)}, BirthDateImpossible),
        (PASSPORT | {"birth_date": date(1899, 12, 31)}, BirthDateImpossible),
    ],
)
async def test_a_person_who_cannot_be_is_refused_without_the_number(
    driver: asyncpg.Connection, city: City, enter: Any, changed: dict[str, Any],
    refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await rows_in_all(driver)
    with pytest.raises(refusal) as refused:
        await enter(city.school_admin, new_teacher(city.school, **changed))
    assert refused.value.details == {}
    assert await rows_in_all(driver) == before


@pytest.mark.parametrize(
    "changed", [{"birth_date": date(1990, 5, 17)}, PASSPORT | {"birth_date": date(1980, 1, 1)}]
)
async def test_a_right_date_of_birth_is_taken(
    city: City, enter: Any, changed: dict[str, Any]
) -> None:
    assert (await enter(city.school_admin, new_teacher(city.school, **changed)))["name"] == "新教师"


async def test_one_number_is_one_person_however_it_is_typed(city: City, enter: Any) -> None:
    await enter(city.school_admin, new_teacher(city.school))
    wide = "".join(chr(ord(each) + 0xFEE0) for each in NUMBER)
    with pytest.raises(TeacherExists) as refused:
        await enter(city.other_county_admin, new_teacher(city.far_school, id_number=wide))
    assert refused.value.details == {}, "it does not say where"


async def test_of_two_with_one_number_at_once_one_is_entered(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def enter(person: Person, school: Row) -> Row:
        async with real_pool.transaction() as db:
            return await create_teacher(
                db, person.actor, new=new_teacher(school), cipher=resources.cipher, now=NOW
            )

    done = await asyncio.gather(
        enter(city.county_admin, city.school),
        enter(city.other_county_admin, city.far_school),
        return_exceptions=True,
    )
    (refused,) = (each for each in done if isinstance(each, BaseException))
    (made,) = (each for each in done if isinstance(each, dict))
    assert isinstance(refused, TeacherExists)
    async with real_pool.connection() as db:
        page = await list_teachers(
            db, city.city_admin.actor, page=PageRequest(), subject=Subject.PHYSICS
        )
    assert page.items == [made]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("sibling_admin", TeacherNotFound),
        ("other_county_admin", TeacherNotFound),
        ("colleague_account", TeacherNotFound),
        ("teacher_account", NotAllowed),
        ("auditor", NotAllowed),
        ("integration", NotAllowed),
    ],
)
async def test_nobody_promotes_oneself_or_who_is_elsewhere(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    new = NewRank(rank=Rank.PRINCIPAL_SENIOR, valid_from=TODAY)
    before = await rows_in_all(driver)
    with pytest.raises(refusal):
        await record_fact(
            db, getattr(city, who).actor, kind=RANK, teacher_id=city.teacher["id"], new=new, now=NOW
        )
    assert await rows_in_all(driver) == before


async def test_a_new_rank_is_a_change_of_the_teacher(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    version = "SELECT change_sequence FROM teacher WHERE id = $1"
    before = await driver.fetchval(version, city.teacher["id"])
    new = NewRank(rank=Rank.SENIOR, valid_from=date(2021, 9, 1))
    row = await record_fact(
        db, city.school_admin.actor, kind=RANK, teacher_id=city.teacher["id"], new=new, now=NOW
    )
    assert row["rank"] == "senior"
    assert await driver.fetchval(version, city.teacher["id"]) > before


async def test_edges_show_what_the_actor_may_see(db: Connection, city: City) -> None:
    schools = [city.school["id"], city.sibling["id"]]
    before = db.statements
    found = await teachers_of(db, city.school_admin.actor, unit_ids=schools, page=PageRequest(1))
    assert [[row["name"] for row in found[each].items] for each in schools] == [["测试乙"], []]
    ids = [city.teacher["id"], city.sibling_teacher["id"]]
    known = await teachers_by_id(db, city.school_admin.actor, teacher_ids=ids)
    assert [row and row["name"] for row in known.values()] == ["测试甲", None]
    assert db.statements - before == 2


async def test_no_secret_of_a_teacher_leaves_the_door(db: Connection, city: City) -> None:
    shown = await get_teacher(db, city.city_admin.actor, teacher_id=city.teacher["id"])
    assert not {"id_number_sealed", "id_number_index", "birth_date"} & shown.keys()
    assert "*" in shown["id_number"]


_REGISTERED = Statement(
    select(col(SchoolRegister.teachers)).where(
        col(SchoolRegister.school_id) == bindparam("school_id", type_=Uuid)
    )
)
_MOVE = Statement(
    update(Teacher)
    .where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
    .values(school_id=bindparam("school_id", type_=Uuid))
)


async def test_the_numbers_of_the_schools_follow_whoever_comes_and_moves(
    db: Connection, city: City
) -> None:
    async def registered() -> list[int]:
        return [
            await db.value(_REGISTERED, school_id=school["id"])
            for school in (city.school, city.sibling)
        ]

    assert await registered() == [2, 1]
    await db.run(_MOVE, teacher_id=city.colleague["id"], school_id=city.sibling["id"])
    assert await registered() == [1, 2]
    await db.run(_MOVE, teacher_id=city.colleague["id"], school_id=city.sibling["id"])
    assert await registered() == [1, 2]


async def test_who_may_not_know_careers_cannot_ask_for_teachers_by_them(
    db: Connection, city: City
) -> None:
    actor = city.integration.actor
    assert len((await list_teachers(db, actor, page=PageRequest(), post=Post.TEACHER)).items) == 5
    asked: tuple[dict[str, Any], ...] = (
        {"state": ServiceState.ON_LEAVE},
        {"establishment": Establishment.SUBSTITUTE},
        {"stratum": Stratum.YOUNG_TEACHER},
    )
    for filters in asked:
        with pytest.raises(NotAllowed) as refused:
            await list_teachers(db, actor, page=PageRequest(), **filters)
        assert refused.value.details == {"permission": "career:read"}
        await list_teachers(db, city.auditor.actor, page=PageRequest(), **filters)
