"""Courses that trainers give, over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_published
from tests.make_trainers import make_trainer


async def test_a_course_is_added_and_removed(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    course = await make_published(db, city.county_admin, city.city_admin, unit_id=city.county["id"])
    path, new = f"/trainers/{trainer['id']}/courses", {"course_id": str(course["id"])}
    made = await client.post(city.county_admin, path, new)
    assert made.status_code == 201, made.text
    again = await client.post(city.county_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "trainer_course_added")
    page = await client.get(city.county_admin, f"/trainer-courses?trainer_id={trainer['id']}")
    assert page.json()["items"] == [made.json()]
    given = f"/trainer-courses/{made.json()['id']}"
    gone = await client.request(city.county_admin, "DELETE", given)
    assert gone.json() == made.json()
    nothing = await client.request(city.county_admin, "DELETE", given)
    assert (nothing.status_code, nothing.json()["code"]) == (404, "trainer_course_not_found")
