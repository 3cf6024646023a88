"""Runs of courses over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_courses import (
    RUN,
    close,
    make_course,
    make_published_class,
    make_school_course,
)


async def test_a_run_from_its_opening_to_its_judgement(
    client: Client, db: Connection, city: City
) -> None:
    course = await make_school_course(db, city)
    new = RUN | {"unit_id": str(city.school["id"])}
    made = await client.post(city.school_admin, f"/courses/{course['id']}/runs", new)
    assert made.status_code == 201, made.json()
    run = made.json()
    path = f"/course-runs/{run['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    changed = await client.request(city.school_admin, "PATCH", path, json={"name": "一期"})
    assert changed.json()["name"] == "一期"
    given = await make_published_class(db, city.school_admin, {"id": made.json()["id"]})
    for listed in ("/course-runs?state=open&semester=first", "/offered-course-runs"):
        person = city.school_admin if "offered" not in listed else city.teacher_account
        rows = (await client.get(person, listed)).json()["items"]
        assert [row["id"] for row in rows] == [run["id"]], listed
    early = await client.post(city.school_admin, f"{path}/conclude", {"summary": "已完成"})
    assert (early.status_code, early.json()["code"]) == (409, "course_run_classes_open")
    await close(db, city.school_admin, given["activity_id"])
    done = await client.post(city.school_admin, f"{path}/conclude", {"summary": "已完成"})
    assert done.json()["state"] == "concluded"
    judged = await client.post(
        city.county_admin, f"{path}/judge", {"rating": "excellent", "opinion": "效果显著"}
    )
    assert (judged.json()["rating"], judged.json()["opinion"]) == ("excellent", "效果显著")
    figures = (await client.get(city.county_admin, f"{path}/figures")).json()
    assert (figures["classes"], figures["closed"], figures["person_hours"]) == (1, 1, "0")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    draft = await make_course(db, city.school_admin, unit_id=city.school["id"])
    new = RUN | {"unit_id": str(city.school["id"])}
    refused = await client.post(city.school_admin, f"/courses/{draft['id']}/runs", new)
    assert (refused.status_code, refused.json()["code"]) == (
        409, "course_without_approved_version"
    )  # fmt: skip
    twice = new | {"group_id": str(city.school["id"])}
    assert (
        await client.post(city.school_admin, f"/courses/{draft['id']}/runs", twice)
    ).status_code == 422
    course = await make_school_course(db, city)
    made = await client.post(city.school_admin, f"/courses/{course['id']}/runs", new)
    path = f"/course-runs/{made.json()['id']}"
    cancelled = await client.post(city.school_admin, f"{path}/cancel", {"summary": "报名不足"})
    assert cancelled.json()["state"] == "cancelled"
    late = await client.request(city.school_admin, "PATCH", path, json={"name": "二期"})
    assert (late.status_code, late.json()["code"]) == (409, "course_run_wrong_state")
