from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.courses import (
    CourseAudienceOutside,
    CourseChanges,
    CourseNotFound,
    CourseVersionNotFound,
    CourseWrongState,
    courses_by_id,
    get_course_comparison,
    get_training_course,
    list_course_versions,
    list_courses,
    list_published_courses,
    update_course,
)
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Row
from tests.make import City, Person, make_account, make_group
from tests.make_courses import (
    COURSE,
    approve,
    make_approved,
    make_course,
    make_published,
    make_school_course,
    publish,
    send_back,
    submit,
)

PAGE = PageRequest(limit=100)


async def catalogue(db: Connection, person: Person, **filters: Any) -> list[Row]:
    page = await list_published_courses(db, person.actor, page=PAGE, **filters)
    return page.items


async def change(db: Connection, person: Person, course: Row, **values: Any) -> Row:
    changes = CourseChanges.model_validate(values)
    return await update_course(db, person.actor, course_id=course["id"], changes=changes)


async def test_courses_are_of_four_levels(db: Connection, city: City) -> None:
    """在市、区级课程的基础上…校、组两级课程体系: R92; 购买、引进、合作开发和自主开发: R94."""
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    made = [
        await make_course(db, city.city_admin, unit_id=city.city["id"], origin="bought", source="甲公司"),
        await make_course(db, city.county_admin, unit_id=city.county["id"], origin="brought_in"),
        await make_course(db, city.school_admin, unit_id=city.school["id"], origin="co_developed"),
        await make_course(db, leader, group_id=group["id"]),
    ]  # fmt: skip
    assert [row["level"] for row in made] == ["city", "county", "school", "group"]
    assert [row["origin"] for row in made] == ["bought", "brought_in", "co_developed", "own"]
    assert [row["audience"] for row in made] == [
        [city.city["id"]], [city.county["id"]], [city.school["id"]], [group["id"]]
    ]  # fmt: skip
    assert made[0]["state"] == "draft"
    assert made[0]["syllabus"][1]["content"] == "课例研讨"


async def test_the_catalogue_is_for_its_audience_and_filtered(db: Connection, city: City) -> None:
    own = await make_school_course(db, city)
    wide = await make_published(
        db, city.county_admin, city.city_admin, unit_id=city.county["id"], title="县级实践课程",
        hours="6", syllabus=[{"title": "全部", "hours": "6"}], content=["ethics"], strata=["class_head"],
    )  # fmt: skip
    await make_approved(db, city.school_admin, city.county_admin, unit_id=city.school["id"])
    assert {row["id"] for row in await catalogue(db, city.teacher_account)} == {
        own["id"], wide["id"]
    }  # fmt: skip
    assert [row["id"] for row in await catalogue(db, city.sibling_teacher_account)] == [wide["id"]]
    assert await catalogue(db, city.other_county_admin) == []
    for filters, found in (
        ({"level": "county"}, [wide]),
        ({"content": "ethics"}, [wide]),
        ({"content": "teaching_methods"}, []),
        ({"title": "实践"}, [wide]),
        ({"least_hours": 5}, [wide]),
        ({"most_hours": 5}, [own]),
        ({"stratum": "class_head"}, [own, wide]),
        ({"stratum": "school_cadre"}, [own]),
        ({"is_practical": True}, []),
    ):
        rows = await catalogue(db, city.teacher_account, **filters)
        assert {row["id"] for row in rows} == {row["id"] for row in found}, filters
    before = db.statements
    await catalogue(db, city.teacher_account, level="county", content="ethics")
    assert db.statements - before == 1


async def test_a_draft_is_seen_where_it_lies_and_by_nobody_else(db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    assert (
        await get_training_course(db, city.county_admin.actor, course_id=course["id"])
    ) == course
    for person in (city.sibling_admin, city.teacher_account):
        with pytest.raises(CourseNotFound):
            await get_training_course(db, person.actor, course_id=course["id"])
    with pytest.raises(NotAllowed):
        await make_course(db, city.teacher_account, unit_id=city.school["id"])
    found = await courses_by_id(db, city.sibling_admin.actor, course_ids=[course["id"]])
    assert found == {course["id"]: None}


async def test_what_is_declared_is_not_changed(db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    changed = await change(db, city.school_admin, course, title="改名", hours="4.00")
    assert (changed["title"], changed["hours"]) == ("改名", 4)
    await submit(db, city.school_admin, course)
    with pytest.raises(CourseWrongState):
        await change(db, city.school_admin, course, title="再改")
    await send_back(db, city.county_admin, course)
    assert (await change(db, city.school_admin, course, title="再改"))["title"] == "再改"


async def test_a_course_is_for_what_lies_below_its_unit(db: Connection, city: City) -> None:
    with pytest.raises(CourseAudienceOutside):
        await make_course(
            db, city.school_admin, unit_id=city.school["id"], audience=[city.sibling["id"]]
        )
    course = await make_course(
        db, city.county_admin, unit_id=city.county["id"], audience=[city.school["id"]]
    )
    with pytest.raises(CourseAudienceOutside):
        await change(db, city.county_admin, course, audience=[city.far_school["id"]])
    both = sorted([city.school["id"], city.sibling["id"]])
    assert (await change(db, city.county_admin, course, audience=both))["audience"] == both


async def test_who_answers_for_it_is_somebody_the_author_sees(db: Connection, city: City) -> None:
    with pytest.raises(TeacherNotFound):
        await make_course(
            db, city.school_admin, unit_id=city.school["id"], responsible_id=city.far_teacher["id"]
        )
    course = await make_course(
        db, city.school_admin, unit_id=city.school["id"], responsible_id=city.teacher["id"]
    )
    with pytest.raises(TeacherNotFound):
        await change(db, city.school_admin, course, responsible_id=city.far_teacher["id"])
    mine = await list_courses(
        db, city.school_admin.actor, page=PAGE, responsible_id=city.teacher["id"]
    )
    assert [row["id"] for row in mine.items] == [course["id"]]


async def test_versions_are_kept_and_compared(db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    with pytest.raises(CourseVersionNotFound):
        await get_course_comparison(db, city.school_admin.actor, course_id=course["id"])
    await submit(db, city.school_admin, course)
    await send_back(db, city.county_admin, course)
    units = [{"title": "问题的层次", "hours": "2"}, {"title": "理答", "hours": "3"}]
    await change(db, city.school_admin, course, title="提问与理答", hours="5", syllabus=units)
    await submit(db, city.school_admin, course)
    page = await list_course_versions(
        db, city.county_admin.actor, course_id=course["id"], page=PAGE
    )
    assert [row["number"] for row in page.items] == [1, 2]
    found = await get_course_comparison(db, city.county_admin.actor, course_id=course["id"])
    differences = {
        row["field"]: (row["before"], row["after"]) for row in found["field_differences"]
    }
    assert differences == {
        "title": (COURSE["title"], "提问与理答"),
        "hours": ("4.00", "5.00"),
        "syllabus[2]": ("追问与理答（2.00） 课例研讨", "理答（3.00）"),
    }
    await approve(db, city.county_admin, course)
    await publish(db, city.school_admin, course)
    with pytest.raises(NotAllowed):
        await list_course_versions(
            db, city.teacher_account.actor, course_id=course["id"], page=PAGE
        )
