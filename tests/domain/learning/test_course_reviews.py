import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Duty, Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.course_reviews import (
    CourseOfOneself,
    CourseRetirement,
    CourseWithoutSuperior,
    list_course_reviews,
    retire_course,
    revise_course,
    withdraw_course,
)
from app.domain.learning.courses import (
    CourseHoursDisagree,
    CourseIncomplete,
    CourseRevision,
    CourseWrongState,
    RevisionWaits,
    get_course_comparison,
    get_training_course,
    list_published_courses,
)
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city, make_group
from tests.make_courses import (
    OPINION,
    approve,
    make_course,
    make_school_course,
    publish,
    send_back,
    submit,
)
from tests.make_organisation import make_department, make_network

PAGE = PageRequest(limit=100)


async def steps_of(db: Connection, person: Person, course: Row) -> list[Any]:
    page = await list_course_reviews(db, person.actor, course_id=course["id"], page=PAGE)
    return [(row["step"], row["version"], row["by"], row["opinion"]) for row in page.items]


async def revise(db: Connection, person: Person, course: Row, **values: Any) -> Row:
    revision = CourseRevision.model_validate(values)
    return await revise_course(db, person.actor, course_id=course["id"], revision=revision, now=NOW)


async def retire(db: Connection, person: Person, course: Row) -> Row:
    retirement = CourseRetirement(reason="内容已过时")
    return await retire_course(
        db, person.actor, course_id=course["id"], retirement=retirement, now=NOW
    )


async def test_a_course_is_declared_returned_declared_again_agreed_to_and_published(
    db: Connection, city: City
) -> None:
    """校级课程开发的申报、审核: R93."""
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    assert (await submit(db, city.school_admin, course))["state"] == "submitted"
    assert (await send_back(db, city.county_admin, course))["state"] == "returned"
    await submit(db, city.school_admin, course)
    approved = await approve(db, city.county_admin, course)
    assert (approved["state"], approved["in_force"]) == ("approved", 2)
    assert (await publish(db, city.school_admin, course))["published_at"] == NOW
    assert await steps_of(db, city.school_admin, course) == [
        ("submit", 1, "school.admin", None),
        ("return", 1, "county.admin", "请补充大纲"),
        ("submit", 2, "school.admin", None),
        ("approve", 2, "county.admin", OPINION.opinion),
        ("publish", 2, "school.admin", None),
    ]
    with pytest.raises(NotAllowed):
        await steps_of(db, city.teacher_account, course)


async def test_what_a_course_must_say_is_asked_for_when_it_is_declared(
    db: Connection, city: City
) -> None:
    course = await make_course(
        db, city.school_admin, unit_id=city.school["id"], summary=None, syllabus=[], content=[],
        responsible=None, origin="bought",
    )  # fmt: skip
    with pytest.raises(CourseIncomplete) as refused:
        await submit(db, city.school_admin, course)
    assert refused.value.details == {"missing": "summary, syllabus, content, source, responsible"}
    short = await make_course(db, city.school_admin, unit_id=city.school["id"], hours="5")
    with pytest.raises(CourseHoursDisagree):
        await submit(db, city.school_admin, short)
    for each in (course, short):
        after = await get_training_course(db, city.school_admin.actor, course_id=each["id"])
        assert (after["state"], after["version"]) == ("draft", 0)
        assert await steps_of(db, city.school_admin, each) == []


async def test_the_superior_decides_and_nobody_on_their_own(db: Connection, city: City) -> None:
    course = await make_course(
        db, city.school_admin, unit_id=city.school["id"], responsible_id=city.teacher["id"]
    )
    await submit(db, city.school_admin, course)
    with pytest.raises(NotAllowed):
        await approve(db, city.school_admin, course)
    office = await make_department(db, city.county, Duty.REVIEW)
    officer = await make_account(
        db, "officer", Role.DEPARTMENT_OFFICER, office | {"duties": (Duty.REVIEW,)}
    )
    own = Person(replace(officer.actor, teacher_id=city.teacher["id"]), officer.name)
    with pytest.raises(CourseOfOneself):
        await approve(db, own, course)
    assert (await approve(db, officer, course))["state"] == "approved"
    by_county = await make_course(db, city.county_admin, unit_id=city.school["id"])
    await submit(db, city.county_admin, by_county)
    with pytest.raises(CourseOfOneself):
        await approve(db, city.county_admin, by_county)
    assert (await approve(db, city.city_admin, by_county))["state"] == "approved"


async def test_a_group_s_course_is_reviewed_by_its_school(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    course = await make_course(db, leader, group_id=group["id"])
    await submit(db, leader, course)
    with pytest.raises(NotAllowed):
        await approve(db, leader, course)
    assert (await approve(db, city.school_admin, course))["state"] == "approved"


async def test_the_city_publishes_what_it_has_drafted(db: Connection, city: City) -> None:
    course = await make_course(db, city.city_admin, unit_id=city.city["id"])
    with pytest.raises(CourseWithoutSuperior):
        await submit(db, city.city_admin, course)
    published = await publish(db, city.city_admin, course)
    assert (published["state"], published["in_force"]) == ("published", 1)
    revised = await revise(db, city.city_admin, course, title="新版课程")
    assert (revised["title"], revised["in_force"], revised["revision_since"]) == (
        "新版课程", 2, None
    )  # fmt: skip


async def test_a_revision_waits_while_the_course_says_what_it_said(
    db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    waits = await revise(
        db, city.school_admin, course, title="修订后的课程", audience=[city.school["id"]]
    )
    assert (waits["title"], waits["in_force"], waits["version"]) == (course["title"], 1, 2)
    with pytest.raises(RevisionWaits):
        await revise(db, city.school_admin, course, title="又一版")
    found = await get_course_comparison(db, city.county_admin.actor, course_id=course["id"])
    assert [row["field"] for row in found["field_differences"]] == ["title"]
    returned = await send_back(db, city.county_admin, course)
    assert (returned["state"], returned["revision_since"]) == ("published", None)
    await revise(db, city.school_admin, course, title="修订后的课程")
    agreed = await approve(db, city.county_admin, course)
    assert (agreed["title"], agreed["in_force"], agreed["state"]) == (
        "修订后的课程", 3, "published"
    )  # fmt: skip
    assert agreed["syllabus"] == course["syllabus"]
    await revise(db, city.school_admin, course, summary="另一种目标")
    taken = await withdraw_course(db, city.school_admin.actor, course_id=course["id"], now=NOW)
    assert (taken["state"], taken["revision_since"], taken["summary"]) == (
        "published", None, course["summary"]
    )  # fmt: skip


async def test_a_revision_for_a_network_is_for_its_schools(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    network = await make_network(db, city.school, {"id": city.sibling_teacher["school_id"]})
    await revise(db, city.school_admin, course, audience=[network["id"]])
    agreed = await approve(db, city.county_admin, course)
    assert set(agreed["audience"]) == {network["id"], city.sibling_teacher["school_id"]}
    seen = await list_published_courses(db, city.sibling_teacher_account.actor, page=PAGE)
    assert [row["id"] for row in seen.items] == [course["id"]]


async def test_a_retired_course_is_in_no_catalogue(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    retired = await retire(db, city.school_admin, course)
    assert (retired["state"], retired["retired_because"]) == ("retired", "内容已过时")
    page = await list_published_courses(db, city.teacher_account.actor, page=PAGE)
    assert page.items == []
    still = await get_training_course(db, city.teacher_account.actor, course_id=course["id"])
    assert still["state"] == "retired"
    for again in (retire(db, city.school_admin, course), revise(db, city.school_admin, course)):
        with pytest.raises(CourseWrongState):
            await again
    assert (await steps_of(db, city.school_admin, course))[-1][0] == "retire"


async def test_of_two_who_decide_at_once_the_second_is_told(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.connection() as db:
        city = await make_city(db, resources.cipher)
        course = await make_course(db, city.school_admin, unit_id=city.school["id"])
        await submit(db, city.school_admin, course)

    async def decide(person: Person, approved: bool) -> str:
        async with real_pool.connection() as db:
            try:
                async with db.transaction():
                    done = await (approve if approved else send_back)(db, person, course)
            except DomainError as refused:
                return refused.code
            return str(done["state"])

    outcomes = await asyncio.gather(decide(city.county_admin, True), decide(city.city_admin, False))
    assert sorted(outcomes) in (
        ["approved", "course_wrong_state"],
        ["course_wrong_state", "returned"],
    )
