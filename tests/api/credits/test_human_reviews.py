from app.sql import Connection
from tests.domain.credits.making import attend, make_closed_activity
from tests.make import City, Client


async def test_a_review_is_asked_for_and_decided(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher], status="absent")
    new = {"activity_id": str(activity["id"]), "reason": "本人全程参加"}
    asked = await client.post(city.teacher_account, "/human-reviews", new)
    assert asked.status_code == 201, asked.text
    path = asked.headers["Location"].removeprefix("/api/v1")
    assert (await client.get(city.school_admin, path)).json() == asked.json()
    decision = {"put_right": False, "opinion": "签到系统与现场照片均无记录"}
    for person, status in ((city.school_admin, 403), (city.other_county_admin, 404)):
        assert (await client.post(person, f"{path}/decide", decision)).status_code == status
    decided = await client.post(city.county_admin, f"{path}/decide", decision)
    assert decided.json()["state"] == "upheld"
    late = await client.post(city.teacher_account, f"{path}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "human_review_decided")
    listed = await client.get(city.teacher_account, "/human-reviews?state=upheld")
    assert listed.json()["items"] == [decided.json()]
    neither = await client.post(city.teacher_account, "/human-reviews", {"reason": "两者皆无"})
    assert neither.status_code == 422
