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
