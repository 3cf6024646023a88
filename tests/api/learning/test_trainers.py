"""Trainers over REST."""

from tests.make import City, Client
from tests.make_trainers import EXPERT

NEW = {
    "engagement": "full_time", "stages": ["primary"], "subjects": ["chinese"],
    "qualification": "省级培训专家库成员",
}  # fmt: skip


async def test_a_trainer_is_invited_accepts_and_leaves(client: Client, city: City) -> None:
    unit = {"unit_id": str(city.county["id"])}
    new = NEW | unit | {"teacher_id": str(city.teacher["id"])}
    made = await client.post(city.county_admin, "/trainers", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    again = await client.post(city.county_admin, "/trainers", new)
    assert (again.status_code, again.json()["code"]) == (409, "trainer_listed")
    late = await client.post(city.county_admin, f"{path}/record-answer", {"accepts": True})
    assert (late.status_code, late.json()["code"]) == (409, "trainer_answers_in_person")
    yes = await client.post(city.teacher_account, f"{path}/answer", {"accepts": True})
    assert yes.json()["state"] == "accepted"
    known = await client.get(city.school_admin, "/known-trainers?subject=chinese")
    assert [row["id"] for row in known.json()["items"]] == [yes.json()["id"]]
    changed = await client.request(
        city.county_admin, "PATCH", path, json={"qualification": "特级教师"}
    )
    assert changed.json()["qualification"] == "特级教师"
    read = await client.get(city.teacher_account, path)
    assert read.headers["etag"] == changed.headers["etag"]
    gone = await client.post(city.county_admin, f"{path}/remove", {"kind": "own_wish"})
    assert (gone.json()["state"], gone.json()["exit_kind"]) == ("left", "own_wish")
    page = await client.get(city.county_admin, "/trainers?state=left")
    assert page.json()["items"] == [gone.json()]


async def test_an_expert_is_one_person(client: Client, city: City) -> None:
    unit = {"unit_id": str(city.county["id"])}
    for person in ({}, EXPERT | {"teacher_id": str(city.teacher["id"])}):
        answer = await client.post(city.county_admin, "/trainers", NEW | unit | person)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    made = await client.post(city.county_admin, "/trainers", NEW | unit | EXPERT)
    path = made.headers["location"].removeprefix("/api/v1")
    no = {"accepts": False, "answer": "本学期无暇"}
    answer = await client.post(city.county_admin, f"{path}/record-answer", no)
    assert (answer.json()["state"], answer.json()["is_external"]) == ("declined", True)
