"""Classes of runs over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_published_class, make_run, make_school_course

OPEN = """mutation ($id: UUID!) {
  openCourseClass(runId: $id, new: {name: "一班"}) { id asApproved run { name } activity { title state } } }"""
LIST = "query ($id: UUID!) {{ {0}(runId: $id) {{ nodes {{ name }} }} }}"


async def test_a_class_is_opened_and_found(client: Client, db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    given = {"id": str(run["id"])}
    made = (await client.graphql(city.school_admin, OPEN, given))["data"]["openCourseClass"]
    assert (made["asApproved"], made["run"], made["activity"]["state"]) == (
        True, {"name": run["name"]}, "DRAFT"
    )  # fmt: skip
    await make_published_class(db, city.school_admin, run, name="二班")
    for person, name, found in (
        (city.county_admin, "courseClasses", ["一班", "二班"]),
        (city.teacher_account, "offeredCourseClasses", ["二班"]),
    ):
        seen = await client.graphql(person, LIST.format(name), given)
        assert [row["name"] for row in seen["data"][name]["nodes"]] == found
