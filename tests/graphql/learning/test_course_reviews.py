"""Reviews of courses over GraphQL."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_course

STEP = "mutation ($id: UUID!) {{ {0}(courseId: $id{1}) {{ state title }} }}"
SAYS = ', opinion: {opinion: "同意开设"}'
STEPS = "query ($id: UUID!) { courseReviews(courseId: $id) { nodes { step by opinion version } } }"


async def test_every_step(client: Client, db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    given = {"id": str(course["id"])}
    school, county = city.school_admin, city.county_admin
    done: Any = None
    for person, name, more, state in (
        (school, "submitCourse", "", "SUBMITTED"),
        (school, "withdrawCourse", "", "WITHDRAWN"),
        (school, "submitCourse", "", "SUBMITTED"),
        (county, "returnCourse", SAYS, "RETURNED"),
        (school, "submitCourse", "", "SUBMITTED"),
        (county, "approveCourse", SAYS, "APPROVED"),
        (school, "publishCourse", "", "PUBLISHED"),
        (school, "reviseCourse", ', revision: {title: "新版"}', "PUBLISHED"),
        (county, "approveCourse", SAYS, "PUBLISHED"),
        (school, "retireCourse", ', retirement: {reason: "过时"}', "RETIRED"),
    ):
        done = await client.graphql(person, STEP.format(name, more), given)
        assert done["data"][name]["state"] == state, done
    assert done["data"]["retireCourse"]["title"] == "新版"
    steps = await client.graphql(school, STEPS, given)
    assert steps["data"]["courseReviews"]["nodes"][5] == {
        "step": "APPROVE", "by": "county.admin", "opinion": "同意开设", "version": 3
    }  # fmt: skip
    late = await client.graphql(county, STEP.format("approveCourse", SAYS), given)
    assert late["errors"][0]["extensions"]["code"] == "course_wrong_state"
