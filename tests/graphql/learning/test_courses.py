"""Courses over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_run, make_school_course

CREATE = """mutation ($new: NewCourse!) {
  createCourse(new: $new) { id level hours syllabus { title hours } unit { name }
    responsibleTeacher { name } } }"""
NEW = {
    "title": "作业设计", "origin": "OWN", "kind": "WORKSHOP", "mode": "CONCENTRATED",
    "channel": "SCHOOL_BASED", "hours": "2", "syllabus": [{"title": "分层作业", "hours": "2"}],
}  # fmt: skip


async def test_a_course_is_drafted_and_changed(client: Client, db: Connection, city: City) -> None:
    new = NEW | {"unitId": str(city.school["id"]), "responsibleId": str(city.teacher["id"])}
    made = await client.graphql(city.school_admin, CREATE, {"new": new})
    course = made["data"]["createCourse"]
    assert (course["level"], course["hours"], course["unit"]["name"]) == (
        "SCHOOL", "2.00", city.school["name"]
    )  # fmt: skip
    assert course["syllabus"] == [{"title": "分层作业", "hours": "2.00"}]
    assert course["responsibleTeacher"]["name"] == city.teacher["name"]
    change = """mutation ($id: UUID!) {
      updateCourse(courseId: $id, changes: {title: "分层作业设计", syllabus: []}) {
        title syllabus { title } } }"""
    changed = await client.graphql(city.school_admin, change, {"id": course["id"]})
    assert changed["data"]["updateCourse"] == {"title": "分层作业设计", "syllabus": []}


CATALOGUE = """{ publishedCourses(level: SCHOOL, stratum: CLASS_HEAD) {
  totalCount nodes { title runs { nodes { name } } reviews { nodes { step } } } } }"""
ONE = """query ($id: UUID!) {
  trainingCourse(id: $id) { title inForce }
  courseVersions(courseId: $id) { nodes { number submitter } }
  courses(title: "提问") { nodes { id } } }"""
COMPARE = """query ($id: UUID!) {
  courseComparison(courseId: $id, older: 1, newer: 1) { older fieldDifferences { field } } }"""


async def test_the_catalogue_and_what_is_behind_it(
    client: Client, db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    await make_run(db, city.school_admin, course)
    seen = await client.graphql(city.school_admin, CATALOGUE)
    assert seen["data"]["publishedCourses"] == {
        "totalCount": 1,
        "nodes": [{
            "title": course["title"], "runs": {"nodes": [{"name": "2026年秋季"}]},
            "reviews": {"nodes": [{"step": "SUBMIT"}, {"step": "APPROVE"}, {"step": "PUBLISH"}]},
        }],
    }  # fmt: skip
    given = {"id": str(course["id"])}
    one = (await client.graphql(city.county_admin, ONE, given))["data"]
    assert one["trainingCourse"] == {"title": course["title"], "inForce": 1}
    assert one["courseVersions"]["nodes"] == [{"number": 1, "submitter": "school.admin"}]
    assert one["courses"]["nodes"] == [{"id": str(course["id"])}]
    same = await client.graphql(city.county_admin, COMPARE, given)
    assert same["data"]["courseComparison"] == {"older": 1, "fieldDifferences": []}
