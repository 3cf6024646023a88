from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_series import make_trainee


async def test_the_roll_of_trainees(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    one, other = [await make_trainee(db, city.school) for _ in range(2)]
    path = f"/activities/{activity['id']}/trainees"
    keys = [str(one["id"]), str(other["id"])]
    entered = await client.post(city.school_admin, path, {"trainee_ids": keys})
    assert [row["trainee_id"] for row in entered.json()] == keys
    roll = f"/sessions/{activity['sessions'][0]['id']}/trainee-attendance"
    body = {"trainee_ids": keys[:1], "status": "present"}
    there = await client.post(city.school_admin, roll, body)
    assert len(there.json()[0]["attended"]) == 1, there.text
    part = "/activity-trainees/{}"
    stays = await client.request(city.school_admin, "DELETE", part.format(there.json()[0]["id"]))
    assert (stays.status_code, stays.json()["code"]) == (409, "activity_trainee_attended")


async def test_one_who_was_on_no_roll(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    trainee = await make_trainee(db, city.school)
    path = f"/activities/{activity['id']}/trainees"
    entered = await client.post(city.school_admin, path, {"trainee_ids": [str(trainee["id"])]})
    (part,) = entered.json()
    gone = await client.request(city.school_admin, "DELETE", f"/activity-trainees/{part['id']}")
    assert gone.json() == part
    assert (await client.get(city.school_admin, path)).json()["items"] == []
    unit = f"/units/{city.school['id']}/trainee-participation"
    counted = await client.get(city.school_admin, f"{unit}?since=2026-09-01&until=2026-12-31")
    assert counted.json() == []
    unfit = await client.get(city.school_admin, f"{unit}?since=2026-09-02&until=2026-09-01")
    assert (unfit.status_code, unfit.json()["code"]) == (422, "trainee_period_unfit")
