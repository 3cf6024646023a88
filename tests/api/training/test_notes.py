import pytest

from app.sql import Connection
from tests.make import City, Client, make_activity, make_attendance

NOTE = {
    "kind": "note", "text": "今天观摩了一节语文课，最大的收获是提问的层次与留白。",
    "place": "报告厅", "speaker": "王老师",
}  # fmt: skip


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


async def test_versions_and_resemblances(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    session = activity["sessions"][0]
    await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    path = f"/activities/{activity['id']}/notes"
    long = (
        NOTE["text"] + "孩子们先自主阅读，再在小组里交流，最后全班分享，板书把关键词写在黑板中央。"
    )
    await client.post(city.teacher_account, path, NOTE)
    note = await client.post(city.teacher_account, path, NOTE | {"text": long})
    await client.post(city.colleague_account, path, NOTE | {"text": long})
    own = f"/notes/{note.json()['id']}"
    assert (await client.get(city.teacher_account, own)).json() == note.json()
    [before] = (await client.get(city.school_admin, f"{own}/versions")).json()
    assert (before["version"], before["text"]) == (1, NOTE["text"])
    listed = await client.get(city.school_admin, "/note-resemblances?state=open&sort=-share")
    [found] = listed.json()["items"]
    one = f"/note-resemblances/{found['id']}"
    texts = (await client.get(city.school_admin, one)).json()
    assert texts == found | {"text": long, "other_text": long}
    for person, status, code in (
        (city.sibling_admin, 404, "note_resemblance_not_found"),
        (city.auditor, 403, "not_allowed"),
        (city.school_admin, 200, None),
        (city.county_admin, 409, "note_resemblance_decided"),
    ):
        said = {"state": "dismissed", "opinion": "同组共同撰写"}
        answer = await client.post(person, f"{one}/decide", said)
        assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("held_at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_no_calendar_has_is_refused(
    client: Client, db: Connection, city: City, held_at: str
) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    path = f"/activities/{activity['id']}/notes"
    answer = await client.post(city.teacher_account, path, NOTE | {"held_at": held_at})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
