from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.errors import NotAllowed, NotFound
from app.domain.exchange.rostering import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    GRADING_PERIODS,
    ORGS,
    SCHOOLS,
    SESSIONS,
    STUDENTS,
    USERS,
    Asked,
    BadRosterFilter,
    BadRosterValue,
    Owner,
    Resource,
    UnknownRosterField,
    UnknownRosterSort,
    course_key,
    get_rostered,
    list_roster,
    read_filter,
)
from app.domain.people.teachers import Teacher, TeacherMerged
from app.sql import Connection, new_id
from tests.make import City, make_group

BASE = "https://register.example"


def test_a_filter_is_read() -> None:
    one = read_filter("name='甲县'")
    assert one is not None
    assert (one.parts, one.values, one.is_either) == ((("name", "="),), ("甲县",), False)
    two = read_filter("  status != 'active' OR parent.sourcedId>='x'  ")
    assert two is not None
    assert two.parts == (("status", "!="), ("parent.sourcedId", ">="))
    assert two.is_either
    assert read_filter("name='a = b AND c'") is not None
    assert read_filter(None) is not None


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name=甲", 'name="a"', "name=='a'", "name='a' and name='b'", "name='a' AND",
        "name='a' AND name='b' AND name='c'", "name='it's'", "(name='a')", "a.b.c='d'", "name='\0'",
    ],
)  # fmt: skip
def test_what_is_no_filter_is_not_read(text: str) -> None:
    assert read_filter(text) is None


def test_the_keys_of_courses_stay() -> None:
    assert course_key("chinese") == UUID("a5d9cf39-49ad-555c-bf3d-fc048da59979")


@pytest.mark.parametrize(
    "resource",
    [ORGS, SCHOOLS, USERS, STUDENTS, SESSIONS, GRADING_PERIODS, CLASSES, ENROLLMENTS, COURSES],
)
async def test_every_field_can_be_filtered_sorted_and_selected(
    db: Connection, city: City, resource: Resource
) -> None:
    await make_group(db, city.school, city.teacher)
    values = {UUID: str(city.city["id"]), date: "2026-01-01", datetime: "2026-01-01T00:00:00Z"}
    for name, field in resource.comparable.items():
        for predicate in ("=", "!=", ">", ">=", "<", "<=", "~"):
            wish = f"{name}{predicate}'{values.get(field.kind, 'active')}'"
            asked = Asked(filter=wish, sort=name, descending=True, fields=field.name)
            if predicate == "~" and field.kind is not str:
                with pytest.raises(BadRosterFilter):
                    await read(db, city, resource, asked)
                continue
            part = await read(db, city, resource, asked)
            assert all(set(each) <= {field.name} for each in part)


async def read(
    db: Connection, city: City, resource: Resource, asked: Asked
) -> list[dict[str, object]]:
    actor = city.city_admin.actor
    return (await list_roster(db, actor, resource=resource, asked=asked, base=BASE)).things


async def test_how_many_statements_it_takes(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    actor = city.school_admin.actor
    school = Owner("school", SCHOOLS, city.school["id"])
    inside = Owner("class", CLASSES, group["id"])
    for owners, asked, wanted in (
        ((), Asked(), 1),
        ((), Asked(limit=1), 2),
        ((), Asked(offset=9), 2),
        ((school,), Asked(), 2),
        ((school, inside), Asked(), 3),
    ):
        before = db.statements
        part = await list_roster(db, actor, resource=USERS, asked=asked, base=BASE, owners=owners)
        assert (part.total, db.statements - before) == (2, wanted)
    before = db.statements
    await get_rostered(db, actor, resource=USERS, key=city.teacher["id"], base=BASE)
    assert db.statements - before == 1


async def test_a_merged_record_is_in_no_list_and_told_as_merged(db: Connection, city: City) -> None:
    await db.change(Teacher, city.colleague["id"], {"merged_into_id": city.teacher["id"]})
    actor = city.school_admin.actor
    part = await list_roster(db, actor, resource=USERS, asked=Asked(), base=BASE)
    assert [each["sourcedId"] for each in part.things] == [city.teacher["id"]]
    with pytest.raises(TeacherMerged):
        await get_rostered(db, actor, resource=USERS, key=city.colleague["id"], base=BASE)


async def test_what_no_act_wrote_has_the_moment_of_its_key(db: Connection, city: City) -> None:
    before = datetime.now(UTC)
    group = await make_group(db, city.school)
    row = await get_rostered(
        db, city.school_admin.actor, resource=CLASSES, key=group["id"], base=BASE
    )
    assert abs(row["dateLastModified"] - before) < timedelta(seconds=30)
    assert row["dateLastModified"].microsecond % 1000 == 0


async def test_refusals(db: Connection, city: City) -> None:
    for asked, refusal in (
        (Asked(filter="colour='red'"), BadRosterFilter),
        (Asked(filter="sourcedId='x'"), BadRosterValue),
        (Asked(sort="colour"), UnknownRosterSort),
        (Asked(fields="colour"), UnknownRosterField),
    ):
        with pytest.raises(refusal):
            await read(db, city, ORGS, asked)
    teacher, far = city.teacher_account.actor, Owner("school", SCHOOLS, city.far_school["id"])
    with pytest.raises(NotAllowed):
        await list_roster(db, teacher, resource=ORGS, asked=Asked(), base=BASE)
    with pytest.raises(NotFound):
        await list_roster(db, teacher, resource=USERS, asked=Asked(), base=BASE, owners=(far,))
    with pytest.raises(NotFound):
        await get_rostered(db, teacher, resource=USERS, key=new_id(), base=BASE)
    with pytest.raises(NotFound):
        await get_rostered(db, teacher, resource=COURSES, key=new_id(), base=BASE)
