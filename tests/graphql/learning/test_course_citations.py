"""Citations of courses over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_course
from tests.make_needs import make_problem

ADD = """mutation ($id: UUID!, $new: NewCourseCitation!) {
  addCourseCitation(courseId: $id, new: $new) { id kind course { title } } }"""
LIST = "query ($id: UUID!) { courseCitations(courseId: $id, kind: PROBLEM) { nodes { citedId } } }"
REMOVE = "mutation ($id: UUID!) { removeCourseCitation(citationId: $id) { kind } }"


async def test_a_course_says_what_it_answers(client: Client, db: Connection, city: City) -> None:
    problem = await make_problem(db, city.school, city.school_admin)
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    given = {"id": str(course["id"])}
    new = {"kind": "PROBLEM", "citedId": str(problem["id"])}
    made = await client.graphql(city.school_admin, ADD, given | {"new": new})
    citation = made["data"]["addCourseCitation"]
    assert citation["course"] == {"title": course["title"]}
    found = await client.graphql(city.county_admin, LIST, given)
    assert found["data"]["courseCitations"]["nodes"] == [{"citedId": str(problem["id"])}]
    gone = await client.graphql(city.school_admin, REMOVE, {"id": citation["id"]})
    assert gone["data"] == {"removeCourseCitation": {"kind": "PROBLEM"}}
