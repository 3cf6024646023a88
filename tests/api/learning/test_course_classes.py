"""Classes of runs over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_published_class, make_run, make_school_course


async def test_a_class_is_opened_and_found(client: Client, db: Connection, city: City) -> None:
    run = await make_run(db, city.school_admin, await make_school_course(db, city))
    path = f"/course-runs/{run['id']}/classes"
    made = await client.post(city.school_admin, path, {"name": "一班", "capacity": 30})
    assert made.status_code == 201, made.json()
    assert (made.json()["capacity"], made.json()["as_approved"]) == (30, True)
    again = await client.post(city.school_admin, path, {"name": "一班"})
    assert (again.status_code, again.json()["code"]) == (409, "course_class_exists")
    outside = await client.post(city.school_admin, path, {"name": "二班", "ends_on": "2027-09-01"})
    assert (outside.status_code, outside.json()["code"]) == (422, "course_class_outside_run")
    query = f"/course-classes?activity_id={made.json()['activity_id']}"
    found = (await client.get(city.county_admin, query)).json()["items"]
    assert [row["id"] for row in found] == [made.json()["id"]]
    given = await make_published_class(db, city.school_admin, run, name="三班")
    offered = await client.get(city.teacher_account, f"/offered-course-classes?run_id={run['id']}")
    assert [row["id"] for row in offered.json()["items"]] == [str(given["id"])]
