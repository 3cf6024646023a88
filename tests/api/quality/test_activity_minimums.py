"""The least that schools are to hold, over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_reports import HELD

NEW = {
    "at_least": 1,
    "months": 6,
    "source": "县校本研修管理办法 第五条",
    "valid_from": "2026-09-01",
}


async def test_a_minimum_is_set_told_by_and_ended(
    client: Client, city: City, db: Connection
) -> None:
    by, unit = city.county_admin, f"/units/{city.county['id']}"
    await make_activity(db, city.school, by, state=HELD)
    made = await client.post(by, f"{unit}/activity-minimums", NEW)
    assert made.status_code == 201, made.text
    minimum = made.json()
    assert made.headers["location"] == f"/api/v1/activity-minimums/{minimum['id']}"
    twice = await client.post(by, f"{unit}/activity-minimums", NEW)
    assert (twice.status_code, twice.json()["code"]) == (409, "activity_minimum_exists")
    one = f"/activity-minimums/{minimum['id']}"
    assert (await client.get(by, one)).json() == minimum
    listed = await client.get(city.city_admin, f"/activity-minimums?unit_id={city.county['id']}")
    assert listed.json()["items"] == [minimum]
    [short] = (await client.get(by, f"{unit}/inactive-schools")).json()["items"]
    assert (short["unit_id"], short["held"]) == (str(city.sibling["id"]), 0)
    rows = await client.get(by, short["rows"].removeprefix("/api/v1"))
    assert len(rows.json()["items"]) == short["held"]
    own = f"/units/{city.sibling['id']}/inactive-schools"
    assert (await client.get(city.sibling_admin, own)).json()["items"] == [short]
    assert (await client.get(city.school_admin, own)).status_code == 404
    waiting = await client.get(by, "/me/tasks?kind=inactive_school_to_visit")
    assert waiting.status_code == 200, waiting.text
    [task] = waiting.json()["items"]
    assert task["subject_id"] == str(city.sibling["id"])
    wrong = await client.post(by, f"{unit}/activity-minimums", NEW | {"months": 13})
    assert wrong.status_code == 422
    ended = await client.post(by, f"{one}/end", {"on": "2026-10-01"})
    assert ended.json()["valid_to"] == "2026-10-01"
    assert (await client.get(by, f"{unit}/inactive-schools")).json()["items"] == []
