from icalendar import Calendar

from app.request import now
from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_a_calendar_is_subscribed_to_read_and_revoked(
    client: Client, db: Connection, city: City
) -> None:
    title = "长标题" * 30 + "；分号,逗号\\反斜线"
    made = await make_activity(db, city.school, city.school_admin, title=title, begins=now())
    new = {"about": "own"}
    answer = await client.post(city.teacher_account, "/me/calendar-links", new)
    assert answer.status_code == 201, answer.text
    path = answer.json()["path"]
    listed = await client.get(city.teacher_account, "/me/calendar-links")
    assert [row["id"] for row in listed.json()] == [answer.json()["id"]]
    assert "path" not in listed.json()[0]
    read = await client.http.get(path)
    assert (read.status_code, read.headers["content-type"]) == (
        200, "text/calendar; charset=utf-8",
    )  # fmt: skip
    [event] = Calendar.from_ical(read.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == title
    assert event["UID"] == f"{made['sessions'][0]['id']}@yanxun"
    assert event.decoded("DTSTART") == made["sessions"][0]["starts_at"].replace(microsecond=0)
    assert all(len(line) <= 75 for line in read.content.split(b"\r\n"))
    again = await client.http.get(path, headers={"If-None-Match": read.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    revoke = f"/me/calendar-links/{answer.json()['id']}/revoke"
    foreign = await client.post(city.colleague_account, revoke)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "calendar_link_not_found")
    assert (await client.post(city.teacher_account, revoke)).status_code == 200
    gone, never = await client.http.get(path), await client.http.get(f"/calendars/{'x' * 43}.ics")
    assert (gone.status_code, gone.json()["code"]) == (404, "calendar_link_not_found")
    told = [{**each.json(), "request_id": "", "instance": ""} for each in (gone, never)]
    assert told[0] == told[1]


async def test_a_link_is_refused_beyond_ones_reach(client: Client, city: City) -> None:
    new = {"about": "unit", "subject_id": str(city.sibling["id"])}
    outside = await client.post(city.school_admin, "/me/calendar-links", new)
    assert (outside.status_code, outside.json()["code"]) == (404, "unit_not_found")
    wrong = await client.post(city.school_admin, "/me/calendar-links", {"about": "unit"})
    assert wrong.status_code == 422
