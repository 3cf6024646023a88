"""Runs of courses over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import close, make_published_class, make_school_course
from tests.make_programmes import make_cohort, make_programme

OPEN = """mutation ($id: UUID!, $new: NewCourseRun!) {
  openCourseRun(courseId: $id, new: $new) { id version course { title } unit { name } cohort { name } } }"""
NEW = {
    "name": "秋季", "schoolYear": 2026, "semester": "FIRST", "startsOn": "2026-11-01",
    "endsOn": "2026-12-31",
}  # fmt: skip
CHANGE = 'mutation ($id: UUID!) { updateCourseRun(runId: $id, changes: {name: "一期"}) { name } }'
END = 'mutation ($id: UUID!) {{ {0}(runId: $id, conclusion: {{summary: "已完成"}}) {{ state }} }}'
JUDGE = """mutation ($id: UUID!) {
  judgeCourseRun(runId: $id, judgement: {rating: GOOD, opinion: "完成目标"}) { rating } }"""
READ = """query ($id: UUID!) {
  courseRun(id: $id) { name classes { nodes { name } } }
  courseRuns(state: CONCLUDED) { nodes { id } }
  courseRunFigures(runId: $id) { classes closed satisfaction } }"""


async def test_a_run_from_its_opening_to_its_judgement(
    client: Client, db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    cohort = await make_cohort(db, await make_programme(db, city.school))
    new = NEW | {"unitId": str(city.school["id"]), "cohortId": str(cohort["id"])}
    given = {"id": str(course["id"]), "new": new}
    run = (await client.graphql(city.school_admin, OPEN, given))["data"]["openCourseRun"]
    assert (run["version"], run["course"], run["unit"], run["cohort"]) == (
        1, {"title": course["title"]}, {"name": city.school["name"]}, {"name": "第一期"}
    )  # fmt: skip
    one = {"id": run["id"]}
    changed = await client.graphql(city.school_admin, CHANGE, one)
    assert changed["data"] == {"updateCourseRun": {"name": "一期"}}
    made = await make_published_class(db, city.school_admin, {"id": run["id"]})
    offered = await client.graphql(city.teacher_account, "{ offeredCourseRuns { nodes { id } } }")
    assert offered["data"]["offeredCourseRuns"]["nodes"] == [one]
    early = await client.graphql(city.school_admin, END.format("cancelCourseRun"), one)
    assert early["errors"][0]["extensions"]["code"] == "course_run_classes_open"
    await close(db, city.school_admin, made["activity_id"])
    done = await client.graphql(city.school_admin, END.format("concludeCourseRun"), one)
    assert done["data"] == {"concludeCourseRun": {"state": "CONCLUDED"}}
    judged = await client.graphql(city.county_admin, JUDGE, one)
    assert judged["data"] == {"judgeCourseRun": {"rating": "GOOD"}}
    read = (await client.graphql(city.county_admin, READ, one))["data"]
    assert read["courseRun"] == {"name": "一期", "classes": {"nodes": [{"name": "一班"}]}}
    assert read["courseRuns"]["nodes"] == [one]
    assert read["courseRunFigures"] == {"classes": 1, "closed": 1, "satisfaction": None}
