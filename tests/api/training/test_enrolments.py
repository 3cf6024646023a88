from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_enrolling_and_withdrawing(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, capacity=1)
    path = f"/activities/{activity['id']}"
    enrolled = await client.post(city.teacher_account, f"{path}/enrolment")
    assert enrolled.status_code == 200, enrolled.text
    again = await client.post(city.teacher_account, f"{path}/enrolment")
    assert again.content == enrolled.content
    full = await client.post(city.colleague_account, f"{path}/enrolment")
    assert (full.status_code, full.json()["code"]) == (409, "activity_full")
    listed = await client.get(city.school_admin, f"{path}/enrolments?fields=name,school")
    assert listed.json()["items"] == [{"name": "测试甲", "school": "甲县第一小学"}]
    withdrawn = await client.post(city.teacher_account, f"{path}/enrolment/withdraw")
    assert withdrawn.json()["withdrawn_at"] is not None
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/enrolments")
    assert own.json()["items"] == [withdrawn.json()]
    listed = await client.get(city.school_admin, f"{path}/enrolments")
    assert listed.json()["items"] == []
    gone = await client.post(city.teacher_account, f"{path}/enrolment/withdraw")
    assert (gone.status_code, gone.json()["code"]) == (404, "enrolment_not_found")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}/enrolment"
    foreign = await client.post(city.sibling_teacher_account, path)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "activity_not_found")
    refused = await client.post(city.school_admin, path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    listed = await client.get(city.teacher_account, f"/activities/{activity['id']}/enrolments")
    assert (listed.status_code, listed.json()["code"]) == (403, "not_allowed")


async def test_places_waiting_and_nominations(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    path = f"/activities/{activity['id']}"
    quota = {"school_id": str(city.school["id"]), "places": 1}
    places = {"capacity": 2, "waiting_list": True, "quotas": [quota]}
    shown = await client.request(city.county_admin, "PUT", f"{path}/places", json=places)
    assert shown.status_code == 200, shown.text
    assert shown.json()["quotas"] == [quota | {"taken": 0}]
    people = [str(each["id"]) for each in (city.teacher, city.colleague)]
    nominated = await client.post(
        city.school_admin,
        f"/units/{city.school['id']}/nominations",
        {"activity_id": str(activity["id"]), "teacher_ids": people},
    )
    assert [row["state"] for row in nominated.json()] == ["enrolled", "waiting"]
    waiting = await client.get(city.county_admin, f"{path}/waiting?fields=name,position")
    assert waiting.json()["items"] == [{"name": "测试乙", "position": 1}]
    why = {"reason": "当日有公开课"}
    declined = await client.post(city.teacher_account, f"{path}/enrolment/decline", why)
    assert declined.json()["withdrawal_reason"] == why["reason"]
    placed = await client.post(
        city.county_admin, f"{path}/enrolments", {"teacher_id": people[0], "reason": "承担发言"}
    )
    assert (placed.json()["state"], placed.json()["way"]) == ("enrolled", "organiser")
    removed = await client.post(city.county_admin, f"{path}/enrolments/{people[0]}/remove", why)
    assert removed.json()["state"] == "withdrawn"
    seen = await client.get(city.teacher_account, f"{path}/places")
    assert (seen.json()["taken"], seen.json()["waiting"]) == (1, 0)
    assert (await client.get(city.county_admin, f"{path}/no-shows")).json()["items"] == []
    more = places | {"quotas": [quota | {"places": 3}]}
    few = await client.request(city.county_admin, "PUT", f"{path}/places", json=more)
    assert (few.status_code, few.json()["code"]) == (422, "activity_quotas_exceed_capacity")
