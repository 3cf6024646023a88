from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_an_activity_again(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}/repeat"
    body = {"starts_on": "2027-03-01", "title": "第二期"}
    again = await client.post(city.school_admin, path, body)
    assert again.status_code == 201, again.text
    found = again.json()
    assert (found["state"], found["starts_on"], found["title"]) == (
        "draft", "2027-03-01", "第二期",
    )  # fmt: skip
    sessions = await client.get(city.school_admin, f"/activities/{found['id']}/sessions")
    assert [row["starts_at"][:10] for row in sessions.json()] == ["2027-03-01"]
    wrong = await client.post(city.school_admin, path, {"starts_on": "0001-01-01"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
