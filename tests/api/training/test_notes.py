from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance

NOTE = {"kind": "note", "text": "今天观摩了一节语文课，最大的收获是提问的层次与留白。"}


async def test_a_note_is_submitted_and_read(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}/notes"
    early = await client.post(city.teacher_account, path, NOTE)
    assert (early.status_code, early.json()["code"]) == (409, "note_without_attendance")
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    submitted = await client.post(city.teacher_account, path, NOTE)
    assert submitted.status_code == 200, submitted.text
    listed = await client.get(city.school_admin, f"{path}?kind=note")
    assert listed.json()["items"] == [
        submitted.json() | {"name": "测试甲", "school": "甲县第一小学"}
    ]
    none = await client.get(city.school_admin, f"{path}?kind=reflection")
    assert none.json()["items"] == []
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/notes")
    assert own.json()["items"] == [submitted.json()]


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}/notes"
    short = await client.post(city.teacher_account, path, NOTE | {"text": "太短"})
    assert (short.status_code, short.json()["code"]) == (422, "invalid_request")
    foreign = await client.post(city.sibling_teacher_account, path, NOTE)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "activity_not_found")
    listed = await client.get(city.teacher_account, path)
    assert (listed.status_code, listed.json()["code"]) == (403, "not_allowed")
    assert (await client.get(city.school_admin, path)).json()["items"] == []
