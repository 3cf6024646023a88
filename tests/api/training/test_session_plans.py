"""Plans of sessions over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity

REVISION = {"objectives": "会主持备课", "measures": "演练", "content": "五步备课"}
NEW = REVISION | {"trainer": "主讲教师"}


async def test_a_plan_is_reviewed_before_the_training(
    client: Client, db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/sessions/{activity['sessions'][0]['id']}/plan"
    made = await client.post(city.school_admin, path, NEW)
    assert made.status_code == 201, made.text
    plan = made.headers["location"].removeprefix("/api/v1")
    own = await client.post(city.school_admin, f"{plan}/approve", {"opinion": "同意"})
    assert (own.status_code, own.json()["details"]) == (403, {"permission": "plan:review"})
    returned = await client.post(city.county_admin, f"{plan}/return", {"opinion": "目标不清"})
    assert returned.json()["state"] == "returned"
    again = await client.request(city.school_admin, "PUT", plan, json=REVISION)
    assert (again.json()["state"], again.json()["attempt"]) == ("submitted", 2)
    approved = await client.post(city.county_admin, f"{plan}/approve", {"opinion": "同意"})
    assert approved.json()["state"] == "approved"
    assert (await client.get(city.school_admin, plan)).json() == approved.json()
    page = await client.get(city.school_admin, f"/session-plans?activity_id={activity['id']}")
    assert page.json()["items"] == [approved.json()]
    late = await client.request(city.school_admin, "PUT", plan, json=REVISION)
    assert (late.status_code, late.json()["code"]) == (409, "session_plan_wrong_state")
    twice = await client.post(city.school_admin, path, NEW)
    assert (twice.status_code, twice.json()["code"]) == (409, "session_plan_exists")
