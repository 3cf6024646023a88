"""Courses over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import COURSE, make_course, make_school_course


async def test_a_course_is_drafted_changed_and_found(
    client: Client, db: Connection, city: City
) -> None:
    new = COURSE | {"unit_id": str(city.school["id"]), "responsible_id": str(city.teacher["id"])}
    made = await client.post(city.school_admin, "/courses", new)
    assert made.status_code == 201, made.json()
    course, path = made.json(), made.headers["Location"]
    assert path == f"/api/v1/courses/{course['id']}"
    assert (course["level"], course["state"], course["hours"]) == ("school", "draft", "4.00")
    assert course["syllabus"][0] == {"title": "问题的层次", "hours": "2.00", "content": None}
    units = [{"title": "全部", "hours": "4"}]
    changed = await client.request(
        city.school_admin, "PATCH", f"/courses/{course['id']}", json={"syllabus": units}
    )
    assert [unit["title"] for unit in changed.json()["syllabus"]] == ["全部"]
    query = f"/courses?responsible_id={city.teacher['id']}&level=school&title=提问"
    found = (await client.get(city.county_admin, query)).json()["items"]
    assert [row["id"] for row in found] == [course["id"]]
    seen = await client.get(city.teacher_account, f"/courses/{course['id']}")
    assert (seen.status_code, seen.json()["code"]) == (404, "course_not_found")


async def test_the_catalogue(client: Client, db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    path = "/published-courses?content=instructional_design&least_hours=3&sort=-hours"
    found = (await client.get(city.teacher_account, path)).json()["items"]
    assert [row["id"] for row in found] == [str(course["id"])]
    versions = await client.get(city.county_admin, f"/courses/{course['id']}/versions")
    assert [row["number"] for row in versions.json()["items"]] == [1]
    none = await client.get(city.county_admin, f"/courses/{course['id']}/comparison")
    assert (none.status_code, none.json()["code"]) == (404, "course_version_not_found")


async def test_bad_input(client: Client, db: Connection, city: City) -> None:
    unit = {"unit_id": str(city.school["id"])}
    unowned = await client.post(city.school_admin, "/courses", COURSE)
    negative = COURSE | unit | {"syllabus": [{"title": "一", "hours": "-1"}]}
    extra = COURSE | unit | {"syllabus": [{"title": "一", "hours": "1", "teacher": "甲"}]}
    for refused in (
        unowned,
        await client.post(city.school_admin, "/courses", negative),
        await client.post(city.school_admin, "/courses", extra),
    ):
        assert refused.status_code == 422, refused.json()
    outside = COURSE | unit | {"audience": [str(city.far_school["id"])]}
    refused = await client.post(city.school_admin, "/courses", outside)
    assert (refused.status_code, refused.json()["code"]) == (422, "course_audience_outside")
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    empty = {"title": None}
    null = await client.request(city.school_admin, "PATCH", f"/courses/{course['id']}", json=empty)
    assert null.status_code == 422
