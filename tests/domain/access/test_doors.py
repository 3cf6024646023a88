"""The guarded doors, seen through two nouns: units (with an audience) and teachers (with a self)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Permission, Role, SubjectKind
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UNITS, Level, Stage, Unit, UnitNotFound
from app.domain.paging import BadCursor, PageRequest, UnknownSort, encode_cursor
from app.domain.people.teachers import TEACHERS, Teacher, TeacherNotFound
from app.sql import Connection, Row, new_id
from tests.make import City, make_unit

EVERYTHING = PageRequest(limit=100)


def over(role: Role, subject: Row, kind: SubjectKind = SubjectKind.UNIT) -> Grant:
    place = {name: subject[name] for name in ("city_id", "county_id", "school_id")}
    return Grant(role=role, subject=kind, subject_id=subject["id"], **place)


def actor_with(*grants: Grant) -> Actor:
    return Actor(account_id=new_id(), grants=grants)


def group_of(school: Row) -> Row:
    return {**school, "id": new_id()}


async def names_of(db: Connection, actor: Actor, **filters: Any) -> list[str]:
    page = await TEACHERS.page(db, actor, EVERYTHING, filters=filters)
    assert page.total is not None
    assert await page.total.count(db, [None]) == {None: len(page.items)}
    return [row["name"] for row in page.items]


async def test_several_grants_add_up_and_reach_nothing_else(db: Connection, city: City) -> None:
    actor = actor_with(
        over(Role.SCHOOL_ADMIN, city.school),
        over(Role.AUDITOR, city.other_county),
        over(Role.TEACHER, city.direct_teacher, SubjectKind.SELF),
    )
    assert await names_of(db, actor) == sorted(["测试甲", "测试乙", "测试丁", "测试戊"])
    assert await names_of(db, actor, school_id=city.sibling["id"]) == []
    assert await names_of(db, actor, county_id=city.county["id"]) == sorted(["测试甲", "测试乙"])
    seen = await TEACHERS.by_id(
        db, actor, [city.far_teacher["id"], city.sibling_teacher["id"], city.direct_teacher["id"]]
    )
    assert [row and row["name"] for row in seen.values()] == ["测试丁", None, "测试戊"]


async def test_outside_is_missing_and_inside_without_permission_is_refused(
    db: Connection, city: City
) -> None:
    actor = actor_with(over(Role.SCHOOL_ADMIN, city.school), over(Role.AUDITOR, city.other_county))
    write = Permission.TEACHER_WRITE
    written = await TEACHERS.get(db, actor, city.teacher["id"], permission=write, lock=True)
    assert written["name"] == "测试甲"
    with pytest.raises(NotAllowed) as refused:
        await TEACHERS.get(db, actor, city.far_teacher["id"], permission=write)
    assert refused.value.details == {"permission": "teacher:write"}
    for elsewhere in (city.sibling_teacher["id"], new_id()):
        with pytest.raises(TeacherNotFound):
            await TEACHERS.get(db, actor, elsewhere, permission=write)


@pytest.mark.parametrize("door", [UNITS, TEACHERS])
async def test_a_group_never_reaches_its_school(db: Connection, city: City, door: Any) -> None:
    actor = actor_with(over(Role.GROUP_LEADER, group_of(city.school), SubjectKind.GROUP))
    with pytest.raises(TeacherNotFound):
        await TEACHERS.get(db, actor, city.teacher["id"])
    assert await names_of(db, actor) == []
    owned = await TEACHERS.rows_of(db, actor, col(Teacher.school_id), [city.school["id"]])
    assert owned == {city.school["id"]: []}
    with pytest.raises(NotAllowed):
        await UNITS.page(db, actor, EVERYTHING)
    with pytest.raises(door.missing):
        await door.get(db, actor, city.sibling["id"])


async def test_oneself_is_all_that_a_teacher_sees_of_teachers(db: Connection, city: City) -> None:
    actor = city.teacher_account.actor
    assert await names_of(db, actor) == ["测试甲"]
    owned = await TEACHERS.rows_of(db, actor, col(Teacher.school_id), [city.school["id"]])
    assert [row["name"] for row in owned[city.school["id"]]] == ["测试甲"]
    with pytest.raises(TeacherNotFound):
        await TEACHERS.get(db, actor, city.colleague["id"])
    with pytest.raises(NotAllowed):
        await TEACHERS.get(
            db, actor, city.teacher["id"], permission=Permission.TEACHER_WRITE, lock=True
        )


async def test_what_lies_above_is_seen_and_no_more(db: Connection, city: City) -> None:
    actor = actor_with(over(Role.SCHOOL_ADMIN, city.direct_school))
    ids = [city.city["id"], city.county["id"], city.direct_school["id"]]
    seen = await UNITS.by_id(db, actor, ids)
    assert [row and row["name"] for row in seen.values()] == ["测试市", None, "市直第一中学"]
    page = await UNITS.page(db, actor, EVERYTHING)
    assert [row["name"] for row in page.items] == ["市直第一中学"]
    with pytest.raises(NotAllowed):
        await UNITS.get(db, actor, city.city["id"], permission=Permission.UNIT_WRITE)
    with pytest.raises(UnitNotFound):
        await UNITS.get(db, actor, city.county["id"])


async def test_nobody_without_grants_sees_anything(db: Connection, city: City) -> None:
    actor = actor_with()
    for door, row in ((UNITS, city.city), (TEACHERS, city.teacher)):
        with pytest.raises(door.missing):
            await door.get(db, actor, row["id"])
        with pytest.raises(NotAllowed):
            await door.page(db, actor, EVERYTHING)
        assert await door.by_id(db, actor, [row["id"]]) == {row["id"]: None}


async def test_the_first_rows_of_many_owners_are_one_statement(db: Connection, city: City) -> None:
    schools = [city.school["id"], city.sibling["id"], city.far_school["id"]]
    owner, actor = col(Teacher.school_id), city.county_admin.actor
    before = db.statements
    request = PageRequest(limit=1, sort="-name")
    first = await TEACHERS.pages_of(db, actor, owner, schools, request)
    assert db.statements - before == 1
    assert [[row["name"] for row in page.items] for page in first.values()] == [
        ["测试甲"],
        ["测试丙"],
        [],
    ]
    assert [page.more for page in first.values()] == [True, False, False]
    total = first[schools[0]].total
    assert total is not None
    assert await total.count(db, schools) == dict(zip(schools, [2, 1, 0], strict=True))
    every = await TEACHERS.rows_of(db, actor, owner, schools)
    assert [len(rows) for rows in every.values()] == [2, 1, 0]
    assert first[schools[0]].items[0].keys() == TEACHERS.view.model_fields.keys()


async def test_a_page_that_ends_with_the_list_says_that_nothing_follows(
    db: Connection, city: City
) -> None:
    actor, owner, school = city.county_admin.actor, col(Teacher.school_id), city.school["id"]
    full, short = PageRequest(limit=2), PageRequest(limit=1)
    by_key_alone = replace(short, sort="created")
    for request, more in ((full, False), (by_key_alone, True), (short, True)):
        page = await TEACHERS.page(db, actor, request, filters={"school_id": school})
        assert (len(page.items), page.more) == (request.limit, more)
        of = (await TEACHERS.pages_of(db, actor, owner, [school], request))[school]
        assert (len(of.items), of.more) == (request.limit, more)


async def test_a_page_of_one_among_many_owners_is_followed(db: Connection, city: City) -> None:
    owner, school = col(Teacher.school_id), city.school["id"]
    names, cursor = [], None
    for _ in range(2):
        request = PageRequest(limit=1, cursor=cursor)
        pages = await TEACHERS.pages_of(db, city.county_admin.actor, owner, [school], request)
        names += [row["name"] for row in pages[school].items]
        cursor = pages[school].next
    assert (names, cursor) == (["测试乙", "测试甲"], None)


async def test_for_whom_there_is_nothing_nothing_is_asked(db: Connection, city: City) -> None:
    owner, before = col(Teacher.school_id), db.statements
    found = await TEACHERS.pages_of(db, actor_with(), owner, [city.school["id"]], EVERYTHING)
    assert found[city.school["id"]].items == []
    assert await TEACHERS.rows_of(db, actor_with(), owner, [city.school["id"]]) == {
        city.school["id"]: []
    }
    assert await TEACHERS.by_id(db, actor_with(), [city.teacher["id"]]) == {
        city.teacher["id"]: None
    }
    assert db.statements == before


async def test_what_is_confided_is_empty_for_whom_a_row_is_only_published_to(
    db: Connection, city: City
) -> None:
    door = replace(UNITS, confided=frozenset({"name"}))
    actor = actor_with(over(Role.SCHOOL_ADMIN, city.direct_school))
    ids = [city.city["id"], city.direct_school["id"]]
    among = await door.by_id(db, actor, ids)
    for row_id, name in zip(ids, (None, "市直第一中学"), strict=True):
        for row in (await door.get(db, actor, row_id), among[row_id]):
            assert row is not None
            assert row["name"] == name
            assert row.keys() == UNITS.view.model_fields.keys()


async def test_what_is_read_to_be_changed_is_locked_and_nothing_else(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """PostgreSQL writes who holds a row into it (`xmax`); 0 is nobody."""
    unit = await make_unit(db, "新校", Level.SCHOOL, city.zone)
    holder = "SELECT xmax::text FROM unit WHERE id = $1"
    await UNITS.get(db, city.city_admin.actor, unit["id"])
    assert await driver.fetchval(holder, unit["id"]) == "0"
    await UNITS.get(db, city.city_admin.actor, unit["id"], lock=True)
    assert await driver.fetchval(holder, unit["id"]) != "0"


@pytest.mark.parametrize("limit", [-1, 0, 10**9])
async def test_no_owner_shows_more_than_a_page(db: Connection, city: City, limit: int) -> None:
    for number in range(101):
        await make_unit(db, f"校{number:03d}", Level.SCHOOL, city.zone)
    found = await UNITS.pages_of(
        db, city.city_admin.actor, col(Unit.parent_id), [city.zone["id"]], PageRequest(limit=limit)
    )
    assert len(found[city.zone["id"]].items) == (100 if limit > 0 else 1)


async def test_one_owner_has_the_rows_that_it_has_among_many(db: Connection, city: City) -> None:
    parents, actor = [city.county["id"], city.zone["id"]], city.city_admin.actor
    schools, owner = {"level": Level.SCHOOL}, col(Unit.parent_id)
    among = await UNITS.rows_of(db, actor, owner, parents, filters=schools)
    assert len(among[city.county["id"]]) > 1
    for parent in parents:
        alone = await UNITS.rows_of(db, actor, owner, [parent], filters=schools)
        assert alone == {parent: among[parent]}
        narrow = await UNITS.rows_of(
            db, actor, owner, [parent], filters=schools, columns=frozenset({"id", "code"})
        )
        assert [dict(row) for row in narrow[parent]] == [
            {"id": row["id"], "code": row["code"]} for row in among[parent]
        ]


@pytest.mark.parametrize("sort", ["id_number", "-", "--name", "name,id", "name; DROP", "city_id"])
async def test_only_what_is_listed_sorts(db: Connection, city: City, sort: str) -> None:
    with pytest.raises(UnknownSort) as refused:
        await TEACHERS.page(db, city.city_admin.actor, PageRequest(sort=sort))
    assert refused.value.details["allowed"] == "name, created"


async def test_only_what_is_listed_filters(db: Connection, city: City) -> None:
    with pytest.raises(KeyError):
        await TEACHERS.page(
            db, city.city_admin.actor, EVERYTHING, filters={"id_number_index": b"x"}
        )


def tampered() -> list[str]:
    key = "01a202e8-c515-717b-8e6d-42426ae5fa84"
    other = encode_cursor("-name", ["测试", key])
    return [
        "", "====", "é", "no cursor", "A" * 2000, other[:-3], other,
        encode_cursor("name", [key]),
        encode_cursor("name", ["测试", key, key]),
        encode_cursor("name", ["测试", "not a key"]),
        encode_cursor("name", [None, key]),
        encode_cursor("name", [["测试"], key]),
        urlsafe_b64encode(b'{"name": 1}').decode(),
        urlsafe_b64encode(b'["name", "\\ud800", "' + key.encode() + b'"]').decode(),
        urlsafe_b64encode(b"[" * 900).decode()[:1024],
    ]  # fmt: skip


@pytest.mark.parametrize("cursor", tampered())
async def test_a_tampered_cursor_is_refused(db: Connection, city: City, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await TEACHERS.page(db, city.city_admin.actor, PageRequest(cursor=cursor, sort="name"))


async def test_a_cursor_carries_no_authority(db: Connection, city: City) -> None:
    far = await TEACHERS.page(db, city.city_admin.actor, PageRequest(limit=1))
    assert far.next is not None
    assert "name" in urlsafe_b64decode(far.next + "==").decode()
    page = await TEACHERS.page(db, city.sibling_admin.actor, PageRequest(cursor=far.next))
    assert {row["school_id"] for row in page.items} <= {city.sibling["id"]}


NAMES = st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1, max_size=12)
STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from("甲乙丙丁戊"), st.integers(0, 50)), max_size=8
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=NAMES, steps=STEPS, limit=st.integers(1, 4), descending=st.booleans())
async def test_rows_that_come_and_go_neither_repeat_nor_shift_a_list(
    db: Connection,
    driver: asyncpg.Connection,
    city: City,
    names: list[str],
    steps: list[tuple[bool, str, int]],
    limit: int,
    descending: bool,
) -> None:
    example = driver.transaction()
    await example.start()
    try:
        stay = [await make_unit(db, each, Level.SCHOOL, city.zone) for each in names]
        touched, seen, cursor = set(), [], None
        sort = "-name" if descending else "name"
        filters = {"parent_id": city.zone["id"], "stage": Stage.PRIMARY}
        while True:
            page = await UNITS.page(
                db, city.city_admin.actor, PageRequest(limit, cursor, sort), filters=filters
            )
            seen += [(row["name"], row["id"]) for row in page.items]
            cursor = page.next
            if cursor is None:
                break
            if steps:
                comes, name, which = steps.pop()
                if comes:
                    touched.add((await make_unit(db, name, Level.SCHOOL, city.zone))["id"])
                else:
                    gone = stay[which % len(stay)]["id"]
                    touched.add(gone)
                    await driver.execute(
                        "UPDATE unit SET stages = '{senior_secondary}' WHERE id = $1", gone
                    )
        assert seen == sorted(set(seen), reverse=descending)
        lasting = {(row["name"], row["id"]) for row in stay if row["id"] not in touched}
        assert lasting <= set(seen)
    finally:
        await example.rollback()
