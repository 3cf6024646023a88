"""A school that is closed, merged or moved: what follows, what stays, and what nobody can do."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.domain.access.doors import PLACE
from app.domain.access.grants import NewGrant, grant_role
from app.domain.access.roles import Role
from app.domain.access.subjects import SubjectEnded
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.departments import DepartmentKind, NewDepartment, create_department
from app.domain.organisation.names_and_codes import CodeKind, code_units
from app.domain.organisation.reorganisations import (
    AlreadyThere,
    CityStays,
    Closure,
    Merger,
    Move,
    ReorganisationInFuture,
    UnitNotEmpty,
    close_unit,
    list_reorganisations,
    merge_school,
    move_school,
)
from app.domain.organisation.units import (
    CannotSupervise,
    Level,
    NotASchool,
    UnitClosed,
    UnitNotFound,
    get_unit,
    list_units,
    schools_of,
)
from app.domain.paging import PageRequest
from app.domain.people.facts.engagement import ServicePlace
from app.domain.people.facts.posts import Post
from app.domain.people.teachers import create_teacher
from app.domain.training.activities import ActivityState
from app.domain.training.groups import GroupKind, NewGroup, create_group
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.organisation.reorganising import new_teacher, reorganise
from tests.make import (
    NOW,
    TODAY,
    City,
    make_account,
    make_activity,
    make_group,
    make_teacher,
    make_unit,
)
from tests.make_checks import make_inspection
from tests.make_courses import make_concluded, make_course, make_run, make_school_course
from tests.make_plans import make_plan
from tests.make_resources import make_resource
from tests.make_series import make_series
from tests.make_tests import SINGLE, add, make_bank
from tests.make_topics import make_output, make_studied, make_topic

ALL = PageRequest(limit=100)
CODE = "2143000001"
EARLIER = NOW - timedelta(days=90)


async def placed(driver: asyncpg.Connection, table: str, key: Any) -> tuple[Any, ...]:
    row = await driver.fetchrow(f"SELECT * FROM {table} WHERE id = $1", key)  # noqa: S608
    assert row is not None
    return tuple(row[name] for name in PLACE)


def place(city: City, county: str, school: str) -> tuple[Any, ...]:
    return (city.city["id"], getattr(city, county)["id"], getattr(city, school)["id"])


async def version(driver: asyncpg.Connection, account: Any) -> int:
    value: int = await driver.fetchval(
        "SELECT security_version FROM account WHERE id = $1", account.actor.account_id
    )
    return value


async def test_a_school_moves_with_everything_in_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, {**city.school, "id": group["id"]})
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    move = Move(bureau_id=city.other_county["id"], document="岳市教发〔2026〕1号")
    unit = await move_school(
        db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW
    )
    assert unit["parent_id"] == unit["county_id"] == city.other_county["id"]
    there = place(city, "other_county", "school")
    for table, row in (
        ("teacher", city.teacher), ("research_group", group), ("activity", activity),
    ):  # fmt: skip
        assert await placed(driver, table, row["id"]) == there
    for account in (city.school_admin, city.teacher_account, leader):
        assert await placed(driver, "account", account.actor.account_id) == there
        assert await version(driver, account) == 2
    assert await version(driver, city.sibling_admin) == 1
    [told] = await list_reorganisations(
        db, city.other_county_admin.actor, unit_id=city.other_county["id"]
    )
    assert (told["kind"], told["from_id"], told["to_id"], told["document"]) == (
        "move", city.county["id"], city.other_county["id"], "岳市教发〔2026〕1号",
    )  # fmt: skip
    assert told["effective_on"] == TODAY


async def test_to_the_city_and_back(driver: asyncpg.Connection, db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    for bureau in ("city", "county"):
        move = Move(bureau_id=getattr(city, bureau)["id"])
        await move_school(db, actor, unit_id=city.school["id"], move=move, now=NOW)
        assert await placed(driver, "teacher", city.teacher["id"]) == place(city, bureau, "school")
    assert len(await list_reorganisations(db, actor, unit_id=city.school["id"])) == 2


async def employments(driver: asyncpg.Connection, teacher: Row) -> list[tuple[Any, ...]]:
    rows = await driver.fetch(
        "SELECT school_id, valid_from, valid_to FROM employment"
        " WHERE teacher_id = $1 AND superseded_at IS NULL ORDER BY valid_from",
        teacher["id"],
    )
    return [tuple(row) for row in rows]


async def test_a_school_is_merged_into_another(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    codes = {city.school["id"]: (CodeKind.SCHOOL, CODE)}
    await code_units(db, codes=codes, since=date(2020, 9, 1), now=EARLIER)
    on = TODAY - timedelta(days=30)
    unit = await merge_school(
        db, city.county_admin.actor, unit_id=city.school["id"],
        merger=Merger(successor_id=city.sibling["id"], effective_on=on), now=NOW,
    )  # fmt: skip
    assert (unit["closed_on"], unit["code"]) == (on, None)
    there = place(city, "county", "sibling")
    for teacher in (city.teacher, city.colleague):
        assert await placed(driver, "teacher", teacher["id"]) == there
        assert await employments(driver, teacher) == [
            (city.school["id"], date(2020, 9, 1), on),
            (city.sibling["id"], on, None),
        ]
    registered = "SELECT teachers FROM school_register WHERE school_id = $1"
    assert await driver.fetchval(registered, city.sibling["id"]) == 3
    for account in (city.school_admin, city.teacher_account):
        assert await placed(driver, "account", account.actor.account_id) == there
        assert await version(driver, account) > 1
    ends = "SELECT valid_to FROM role_grant WHERE subject_id = $1 AND superseded_at IS NULL"
    assert await driver.fetchval(ends, city.school["id"]) == TODAY
    for school in ("school", "sibling"):
        unit_id = getattr(city, school)["id"]
        [told] = await list_reorganisations(db, city.city_admin.actor, unit_id=unit_id)
        assert (told["unit_id"], told["successor_id"]) == (city.school["id"], city.sibling["id"])


async def test_what_is_still_to_come_goes_along_and_what_is_over_stays(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    closed_of_group = await make_activity(
        db, city.school, city.school_admin, group=group, state=ActivityState.CLOSED
    )
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    over = await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)
    countys = await make_activity(db, city.county, city.county_admin, city.school)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    there, before = place(city, "county", "sibling"), place(city, "county", "school")
    for table, row in (
        ("research_group", group), ("activity", closed_of_group), ("activity", draft),
    ):  # fmt: skip
        assert await placed(driver, table, row["id"]) == there
    assert await placed(driver, "activity", over["id"]) == before
    targets = await driver.fetch(
        "SELECT target_id FROM activity_audience WHERE activity_id = $1", countys["id"]
    )
    assert {row["target_id"] for row in targets} == {city.school["id"], city.sibling["id"]}


async def test_what_is_said_of_a_group_goes_along_with_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    inspection = await make_inspection(db, group, city.county_admin)
    plan = await make_plan(db, city.county_admin, group_id=group["id"])
    own = await make_plan(db, city.county_admin, unit_id=city.school["id"])
    series = await make_series(db, city.school, city.school_admin)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    there, before = place(city, "county", "sibling"), place(city, "county", "school")
    for table, row in (
        ("group_inspection", inspection),
        ("plan", plan),
        ("activity_series", series),
    ):
        assert await placed(driver, table, row["id"]) == there
    assert await placed(driver, "plan", own["id"]) == before


async def test_courses_and_their_open_runs_go_along(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    of_group = await make_course(db, city.school_admin, group_id=group["id"])
    course = await make_school_course(db, city)
    over = await make_concluded(db, city.school_admin, course)
    run = await make_run(db, city.school_admin, course, name="冬季")
    [question] = await make_bank(db, city, SINGLE)
    [of_groups_bank] = await add(db, city.school_admin, SINGLE, group_id=group["id"])
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    there, before = place(city, "county", "sibling"), place(city, "county", "school")
    for table, row in (
        ("course", of_group), ("course", course), ("course_run", run),
        ("bank_question", question), ("bank_question", of_groups_bank),
    ):  # fmt: skip
        assert await placed(driver, table, row["id"]) == there
    assert await placed(driver, "course_run", over["id"]) == before
    targets = await driver.fetch(
        "SELECT target_id FROM course_audience WHERE course_id = $1", course["id"]
    )
    assert {row["target_id"] for row in targets} == {city.school["id"], city.sibling["id"]}


async def test_posts_go_on_and_the_leadership_ends_with_the_school(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    principal = await make_teacher(
        db, resources.cipher, city.school, posts=(Post.PRINCIPAL, Post.TEACHER)
    )
    place = {"teacher_id": city.sibling_teacher["id"], "valid_from": date(2025, 9, 1)}
    at_both = [
        {"id": new_id(), "school_id": getattr(city, each)["id"], "kind": kind, **place}
        for each, kind in (("school", "itinerant"), ("sibling", "main"))
    ]
    await db.insert_all(ServicePlace, at_both)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    rows = await driver.fetch(
        "SELECT post, school_id, valid_to FROM teacher_post"
        " WHERE teacher_id = $1 AND superseded_at IS NULL ORDER BY post, valid_from",
        principal["id"],
    )
    assert [tuple(row) for row in rows] == [
        ("principal", city.school["id"], TODAY), ("teacher", city.school["id"], TODAY),
        ("teacher", city.sibling["id"], None),
    ]  # fmt: skip
    rows = await driver.fetch(
        "SELECT school_id, valid_to FROM service_place WHERE superseded_at IS NULL"
    )
    assert {tuple(row) for row in rows} == {
        (city.school["id"], TODAY), (city.sibling["id"], None),
    }  # fmt: skip


async def test_what_the_school_had_arranged_ends_with_it(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    kind = DepartmentKind.ACADEMIC_OFFICE
    new = NewDepartment(unit_id=city.school["id"], name="教导处", kind=kind)
    department = await create_department(db, city.school_admin.actor, new=new, now=EARLIER)
    draft = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT,
        organiser_department_id=department["id"],
    )  # fmt: skip
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    row = await driver.fetchrow("SELECT * FROM activity WHERE id = $1", draft["id"])
    assert row is not None
    assert (row["school_id"], row["organiser_department_id"]) == (city.sibling["id"], None)
    ended = "SELECT valid_to FROM department WHERE id = $1"
    assert await driver.fetchval(ended, department["id"]) == TODAY


async def test_a_closed_school_is_out_of_the_lists_and_on_record(
    db: Connection, city: City
) -> None:
    actor = city.county_admin.actor
    await merge_school(
        db, actor, unit_id=city.school["id"],
        merger=Merger(successor_id=city.sibling["id"]), now=NOW,
    )  # fmt: skip
    shown = await schools_of(db, actor, unit_ids=[city.county["id"]])
    assert [row["name"] for row in shown[city.county["id"]]] == ["甲县第二小学"]
    open_ones = await list_units(db, actor, page=ALL, level=Level.SCHOOL)
    assert [row["name"] for row in open_ones.items] == ["甲县第二小学"]
    closed = await list_units(db, actor, page=ALL, closed=True)
    assert [row["name"] for row in closed.items] == ["甲县第一小学"]
    assert (await get_unit(db, actor, unit_id=city.school["id"]))["closed_on"] == TODAY


async def test_nothing_is_added_to_a_closed_school(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources
) -> None:
    actor = city.county_admin.actor
    await merge_school(
        db, actor, unit_id=city.school["id"],
        merger=Merger(successor_id=city.sibling["id"]), now=NOW,
    )  # fmt: skip
    school_id = city.school["id"]
    new = NewGroup(unit_id=school_id, name="新组", kind=GroupKind.PROJECT)
    with pytest.raises(UnitClosed):
        await create_group(db, actor, new=new)
    with pytest.raises(UnitClosed):
        await create_teacher(
            db, actor, new=new_teacher(city.school), cipher=resources.cipher, now=NOW
        )
    savepoint = driver.transaction()
    await savepoint.start()
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
        await make_teacher(db, resources.cipher, city.school)
    await savepoint.rollback()
    assert refused.value.constraint_name == "fk_teacher_school_id"
    for role in (Role.SCHOOL_ADMIN, Role.AUDITOR):
        with pytest.raises(SubjectEnded):
            await grant_role(
                db, city.city_admin.actor, account_id=city.auditor.actor.account_id,
                new=NewGrant(role=role, subject_id=school_id), now=NOW,
            )  # fmt: skip
    for again in (
        merge_school(
            db, actor, unit_id=school_id, merger=Merger(successor_id=city.sibling["id"]), now=NOW
        ),
        merge_school(
            db, actor, unit_id=city.sibling["id"], merger=Merger(successor_id=school_id), now=NOW
        ),
        close_unit(db, actor, unit_id=school_id, closure=Closure(), now=NOW),
    ):
        with pytest.raises(UnitClosed):
            await again


async def test_an_empty_school_is_closed_and_its_code_void(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    empty = await make_unit(db, "空校", Level.SCHOOL, city.county)
    codes = {empty["id"]: (CodeKind.SCHOOL, CODE)}
    await code_units(db, codes=codes, since=date(2020, 9, 1), now=EARLIER)
    await close_unit(
        db, city.county_admin.actor, unit_id=empty["id"], closure=Closure(document="撤"), now=NOW
    )
    row = await driver.fetchrow("SELECT * FROM unit_code WHERE superseded_at IS NULL")
    assert row is not None
    assert (row["code"], row["valid_to"]) == (CODE, TODAY)
    zone = await close_unit(
        db, city.city_admin.actor, unit_id=city.zone["id"], closure=Closure(), now=NOW
    )
    assert zone["closed_on"] == TODAY
    move = Move(bureau_id=city.zone["id"])
    with pytest.raises(UnitClosed):
        await move_school(db, city.city_admin.actor, unit_id=city.school["id"], move=move, now=NOW)


async def test_what_stands_in_the_way_is_named(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    with pytest.raises(UnitNotEmpty) as refused:
        await close_unit(db, actor, unit_id=city.school["id"], closure=Closure(), now=NOW)
    # The two teachers' own accounts; the administrator goes last.
    assert refused.value.details == {"schools": 0, "teachers": 2, "accounts": 2}
    with pytest.raises(UnitNotEmpty) as refused:
        await close_unit(db, actor, unit_id=city.county["id"], closure=Closure(), now=NOW)
    assert refused.value.details == {"schools": 2, "teachers": 0, "accounts": 0}


REFUSED: list[tuple[str, str, str, str | None, type[DomainError]]] = [
    ("city_admin", "move", "school", "sibling", CannotSupervise),
    ("city_admin", "move", "school", "county", AlreadyThere),
    ("city_admin", "move", "county", "other_county", NotASchool),
    ("county_admin", "move", "school", "other_county", UnitNotFound),
    ("county_admin", "move", "school", "city", NotAllowed),
    ("county_admin", "move", "far_school", "county", UnitNotFound),
    ("school_admin", "move", "school", "county", NotAllowed),
    ("auditor", "move", "school", "county", NotAllowed),
    ("city_admin", "move tomorrow", "school", "city", ReorganisationInFuture),
    ("county_admin", "merge", "school", "school", AlreadyThere),
    ("county_admin", "merge", "school", "far_school", UnitNotFound),
    ("county_admin", "merge", "school", "county", NotASchool),
    ("county_admin", "merge tomorrow", "school", "sibling", ReorganisationInFuture),
    ("city_admin", "close", "city", None, CityStays),
    ("county_admin", "close", "city", None, NotAllowed),
    ("county_admin", "close tomorrow", "school", None, ReorganisationInFuture),
]


@pytest.mark.parametrize(("who", "what", "unit", "to", "refusal"), REFUSED)
async def test_what_cannot_be(
    driver: asyncpg.Connection, db: Connection, city: City, who: str, what: str, unit: str,
    to: str | None, refusal: type[DomainError],
) -> None:  # fmt: skip
    before = await placed(driver, "teacher", city.teacher["id"])
    savepoint = driver.transaction()
    await savepoint.start()
    with pytest.raises(refusal) as refused:
        await reorganise(db, city, who, what, unit, to)
    await savepoint.rollback()
    assert type(refused.value) is refusal
    assert await placed(driver, "teacher", city.teacher["id"]) == before
    assert await driver.fetchval("SELECT count(*) FROM unit WHERE closed_on IS NOT NULL") == 0
    assert await driver.fetchval("SELECT count(*) FROM reorganisation") == 0


@pytest.mark.parametrize(
    ("what", "to", "most"), [("move", "other_county", 16), ("merge", "sibling", 43)]
)
async def test_it_takes_as_many_statements_for_many_as_for_few(
    driver: asyncpg.Connection, db: Connection, city: City, resources: Resources, what: str,
    to: str, most: int,
) -> None:  # fmt: skip
    counted = []
    for _ in range(2):
        await make_group(db, city.school, city.teacher)
        savepoint = driver.transaction()
        await savepoint.start()
        before = db.statements
        await reorganise(db, city, "city_admin", what, "school", to)
        counted.append(db.statements - before)
        await savepoint.rollback()
        for _ in range(20):
            teacher = await make_teacher(db, resources.cipher, city.school)
            await make_account(db, "more", Role.TEACHER, teacher)
    assert counted[0] == counted[1] <= most


async def test_what_is_studied_and_what_is_kept_go_along(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    led = {"unit_id": city.school["id"], "leader_id": city.teacher["id"]}
    draft = await make_topic(db, city.school_admin, **led)
    over = await make_studied(
        db, city.school_admin, city.county_admin, "concluded", level="county", **led
    )
    output = await make_output(db, city.teacher_account, city.teacher)
    resource = await make_resource(db, city.teacher_account)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    there, before = place(city, "county", "sibling"), place(city, "county", "school")
    for table, row in (("topic", draft), ("research_output", output), ("resource", resource)):
        assert await placed(driver, table, row["id"]) == there
    assert await placed(driver, "topic", over["id"]) == before
