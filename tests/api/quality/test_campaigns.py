"""Campaigns over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_a_campaign_groups_activities(client: Client, db: Connection, city: City) -> None:
    new = {
        "unit_id": str(city.county["id"]), "title": "高效课堂教改实验", "starts_on": "2020-01-01",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/campaigns", new)
    assert (made.status_code, made.json()["standing"]) == (201, True)
    path = made.headers["Location"].removeprefix("/api/v1")
    activity = await make_activity(db, city.school, city.school_admin)
    chosen = {"activity_id": str(activity["id"])}
    added = await client.post(city.school_admin, f"{path}/activities", chosen)
    assert (added.status_code, added.json()["id"]) == (201, chosen["activity_id"])
    listed = await client.get(city.county_admin, f"{path}/activities?state=published")
    assert [row["id"] for row in listed.json()["items"]] == [chosen["activity_id"]]
    figures = (await client.get(city.county_admin, f"{path}/figures")).json()
    assert (figures["activities"], figures["held"], figures["person_hours"]) == (1, 0, "0.00")
    changed = await client.request(city.county_admin, "PATCH", path, json={"aim": "构建高效课堂"})
    assert changed.json() == (await client.get(city.teacher_account, path)).json()
    assert len((await client.get(city.teacher_account, "/me/campaigns")).json()["items"]) == 1
    assert len((await client.get(city.county_admin, "/campaigns")).json()["items"]) == 1
    early = await client.request(city.county_admin, "PATCH", path, json={"ends_on": "2020-01-02"})
    assert (early.status_code, early.json()["code"]) == (422, "campaign_days_disagree")
    out = f"{path}/activities/{chosen['activity_id']}"
    assert (await client.request(city.school_admin, "DELETE", out)).status_code == 200
    again = await client.request(city.school_admin, "DELETE", out)
    assert (again.status_code, again.json()["code"]) == (404, "campaign_activity_not_found")
