"""Choice rounds over REST, from the draft to its end."""

from datetime import timedelta
from typing import Any

from app.request import now
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity


async def test_a_round_is_drafted_published_and_called_off(
    client: Client, pool: SharedPool, city: City
) -> None:
    opens = now()
    begins = opens + timedelta(days=10)
    async with pool.transaction() as db:
        activity = await make_activity(db, city.county, city.county_admin, begins=begins)
    by, key = city.county_admin, str(activity["id"])
    made = await client.post(by, "/choice-rounds", {
        "unit_id": str(city.county["id"]), "title": "秋季选课", "way": "first_come",
        "opens_at": opens.isoformat(), "closes_at": (opens + timedelta(days=3)).isoformat(),
        "most_choices": 1, "most_places": 1,
    })  # fmt: skip
    assert made.status_code == 201
    address = made.headers["location"].removeprefix("/api/v1")
    for added in (key, key):
        offered = await client.post(by, f"{address}/offerings", {"activity_id": added})
        assert offered.status_code == 200
    removed = await client.request(by, "DELETE", f"{address}/offerings/{key}")
    assert removed.json()["state"] == "draft"
    nothing = await client.post(by, f"{address}/publish")
    assert nothing.json()["code"] == "choice_round_without_offerings"
    await client.post(by, f"{address}/offerings", {"activity_id": key})
    changed = await client.request(by, "PATCH", address, json={"title": "选课"})
    assert changed.json()["title"] == "选课"
    assert (await client.post(by, f"{address}/publish")).json()["state"] == "published"
    [seen] = (await client.get(city.teacher_account, "/offered-choice-rounds")).json()["items"]
    assert seen == (await client.get(city.teacher_account, address)).json()
    assert (await client.post(by, f"{address}/cancel")).json()["state"] == "cancelled"
    listed = (await client.get(by, "/choice-rounds?state=cancelled")).json()["items"]
    assert [each["title"] for each in listed] == ["选课"]


async def test_a_round_that_does_not_fit_is_refused_in_full(
    client: Client, db: Connection, city: City
) -> None:
    new: dict[str, Any] = {
        "unit_id": str(city.county["id"]), "title": "秋季选课", "way": "first_come",
        "opens_at": "2026-11-01T08:00:00+08:00", "closes_at": "2026-11-03T08:00:00+08:00",
        "most_choices": 3, "most_places": 2,
    }  # fmt: skip
    refused = await client.post(city.county_admin, "/choice-rounds", new)
    assert refused.status_code == 422
    assert "First come" in refused.text
    assert (await client.get(city.county_admin, "/choice-rounds")).json()["items"] == []
