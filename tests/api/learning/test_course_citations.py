"""Citations of courses over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_course
from tests.make_needs import make_survey


async def test_a_course_says_what_it_answers(client: Client, db: Connection, city: City) -> None:
    survey = await make_survey(db, city.county, city.county_admin)
    course = await make_course(db, city.county_admin, unit_id=city.county["id"])
    new = {"kind": "survey", "cited_id": str(survey["id"]), "conclusion": "教师需要提问训练"}
    path = f"/courses/{course['id']}/citations"
    made = await client.post(city.county_admin, path, new)
    assert made.status_code == 201, made.json()
    again = await client.post(city.county_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "course_citation_exists")
    query = f"/course-citations?cited_id={survey['id']}&kind=survey"
    found = (await client.get(city.city_admin, query)).json()["items"]
    assert [row["course_id"] for row in found] == [str(course["id"])]
    one = f"/course-citations/{made.json()['id']}"
    gone = await client.request(city.county_admin, "DELETE", one)
    assert gone.json() == made.json()
    assert (await client.get(city.city_admin, query)).json()["items"] == []
