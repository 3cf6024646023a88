"""Reviews of courses over REST."""

from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import make_course


async def test_every_step_is_told_with_its_opinion(
    client: Client, db: Connection, city: City
) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"])
    path = f"/courses/{course['id']}"
    school, county = city.school_admin, city.county_admin
    done: Any = None
    for person, step, body, state in (
        (school, "submit", None, "submitted"),
        (school, "withdraw", None, "withdrawn"),
        (school, "submit", None, "submitted"),
        (county, "return", {"opinion": "补充大纲"}, "returned"),
        (school, "submit", None, "submitted"),
        (county, "approve", {"opinion": "同意"}, "approved"),
        (school, "publish", None, "published"),
        (school, "revisions", {"title": "新版"}, "published"),
        (county, "approve", {"opinion": "同意修订"}, "published"),
        (school, "retire", {"reason": "不再开设"}, "retired"),
    ):
        done = await client.post(person, f"{path}/{step}", body)
        assert done.json()["state"] == state, done.json()
    assert done.json()["title"] == "新版"
    steps = (await client.get(county, f"{path}/reviews")).json()["items"]
    assert [(each["step"], each["version"]) for each in steps][-4:] == [
        ("publish", 3), ("revise", 4), ("approve", 4), ("retire", 4),
    ]  # fmt: skip


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    course = await make_course(db, city.school_admin, unit_id=city.school["id"], summary=None)
    path = f"/courses/{course['id']}"
    bare = await client.post(city.school_admin, f"{path}/submit")
    assert (bare.status_code, bare.json()["code"]) == (409, "course_incomplete")
    assert bare.json()["details"] == {"missing": "summary"}
    own = await client.post(city.school_admin, f"{path}/approve", {"opinion": "同意"})
    assert (own.status_code, own.json()["details"]) == (403, {"permission": "course:review"})
    early = await client.post(city.county_admin, f"{path}/approve", {"opinion": "同意"})
    assert (early.status_code, early.json()["code"]) == (409, "course_wrong_state")
