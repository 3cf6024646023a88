"""Objections to rewards over REST."""

from app.sql import Connection
from tests.make import NOW, City, Client
from tests.make_incentives import make_published


async def test_an_objection_is_raised_and_answered(
    client: Client, db: Connection, city: City
) -> None:
    # The client asks at the time of the clock, and the reward is shown for days from `NOW` on.
    row = await make_published(db, city, NOW, publicity_days=30)
    path = f"/published-incentives/{row['id']}/objections"
    raised = await client.post(city.colleague_account, path, {"reason": "并非本人执教"})
    assert (raised.status_code, raised.json()["upheld"]) == (201, None)
    again = await client.post(city.colleague_account, path, {"reason": "再次"})
    assert (again.status_code, again.json()["code"]) == (409, "incentive_objection_raised")
    assert (
        await client.post(city.sibling_teacher_account, path, {"reason": "不符"})
    ).status_code == 404
    listed = await client.get(city.school_admin, f"/incentive-objections?incentive_id={row['id']}")
    assert [each["id"] for each in listed.json()["items"]] == [raised.json()["id"]]
    decide = f"/incentive-objections/{raised.json()['id']}/decide"
    decision = {"upheld": True, "answer": "属实"}
    assert (await client.post(city.county_admin, decide, decision)).status_code == 409
    assert (await client.post(city.school_admin, decide, decision)).json()["upheld"] is True
    own = (await client.get(city.colleague_account, "/own-incentive-objections")).json()
    assert [each["answer"] for each in own] == ["属实"]
    fallen = await client.get(city.teacher_account, f"/incentives/{row['id']}")
    assert fallen.json()["state"] == "overturned"
