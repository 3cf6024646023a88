from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_series import make_outside_training

TRAINING: dict[str, Any] = {
    "title": "省级骨干教师培训", "organiser": "省教师发展中心", "level": "province",
    "kind": "lecture", "mode": "concentrated", "channel": "off_job", "content": ["ethics"],
    "starts_on": "2026-07-01", "ends_on": "2026-07-05", "hours": "40",
}  # fmt: skip


async def test_stated_and_confirmed(client: Client, city: City) -> None:
    path = f"/teachers/{city.teacher['id']}/outside-trainings"
    stated = await client.post(city.teacher_account, path, TRAINING)
    assert stated.status_code == 201, stated.text
    own = stated.headers["location"].removeprefix("/api/v1")
    early = await client.post(city.teacher_account, path, TRAINING | {"ends_on": "2026-06-30"})
    assert (early.status_code, early.json()["code"]) == (422, "invalid_request")
    waiting = await client.get(city.school_admin, "/outside-trainings?state=stated")
    assert waiting.json()["items"] == [stated.json()]
    confirmed = await client.post(city.school_admin, f"{own}/confirm")
    assert confirmed.json()["state"] == "confirmed"
    late = await client.post(city.teacher_account, f"{own}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "outside_training_settled")
    assert (await client.get(city.county_admin, own)).json() == confirmed.json()
    listed = await client.get(city.teacher_account, f"{path}?state=confirmed")
    assert listed.json()["items"] == [confirmed.json()]
    twice = await client.post(city.school_admin, f"{path}/enter", TRAINING)
    assert (twice.status_code, twice.json()["code"]) == (409, "outside_training_exists")


async def test_returned(client: Client, db: Connection, city: City) -> None:
    row = await make_outside_training(db, city.teacher, city.teacher_account)
    path = f"/outside-trainings/{row['id']}/return"
    returned = await client.post(city.school_admin, path, {"opinion": "请补充证书"})
    assert (returned.json()["state"], returned.json()["opinion"]) == ("returned", "请补充证书")
