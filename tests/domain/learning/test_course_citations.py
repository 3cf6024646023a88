import pytest

from app.domain.errors import NotFound
from app.domain.learning.course_citations import (
    CourseCitationExists,
    CourseCitationNotFound,
    citations_of_courses,
    list_course_citations,
    remove_course_citation,
)
from app.domain.learning.courses import CourseCitesNoNeed, CourseWrongState
from app.domain.paging import PageRequest
from app.sql import Connection
from tests.make import City
from tests.make_courses import cite, make_course, submit
from tests.make_needs import make_problem, make_survey

PAGE = PageRequest(limit=100)


async def test_a_practical_course_answers_a_need(db: Connection, city: City) -> None:
    """积极开发以需求为导向的实践性培训课程: R97."""
    survey = await make_survey(db, city.county, city.county_admin)
    problem = await make_problem(db, city.school, city.school_admin)
    course = await make_course(db, city.county_admin, unit_id=city.county["id"], is_practical=True)
    with pytest.raises(CourseCitesNoNeed):
        await submit(db, city.county_admin, course)
    found = await cite(db, city.county_admin, course, "survey", survey)
    await cite(db, city.county_admin, course, "problem", problem)
    with pytest.raises(CourseCitationExists):
        async with db.transaction():
            await cite(db, city.county_admin, course, "problem", problem)
    answers = await list_course_citations(
        db, city.city_admin.actor, page=PAGE, cited_id=problem["id"]
    )
    assert [row["course_id"] for row in answers.items] == [course["id"]]
    pages = await citations_of_courses(
        db, city.county_admin.actor, course_ids=[course["id"]], page=PAGE
    )
    assert [row["kind"] for row in pages[course["id"]].items] == ["survey", "problem"]
    admin = city.county_admin.actor
    assert await remove_course_citation(db, admin, citation_id=found["id"]) == found
    with pytest.raises(CourseCitationNotFound):
        await remove_course_citation(db, admin, citation_id=found["id"])
    assert (await submit(db, city.county_admin, course))["state"] == "submitted"
    with pytest.raises(CourseWrongState):
        await cite(db, city.county_admin, course, "survey", survey)


async def test_only_what_one_sees_is_cited(db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    elsewhere = await make_problem(db, city.far_school, city.city_admin)
    with pytest.raises(NotFound):
        await cite(db, city.school_admin, course, "problem", elsewhere)
    page = await list_course_citations(db, city.school_admin.actor, page=PAGE)
    assert page.items == []
