"""Timetables over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_timetables import PERIODS, make_term, timetable_body


async def test_a_file_is_looked_at_taken_in_and_read(
    client: Client, db: Connection, city: City
) -> None:
    await make_term(db, city.city_admin, city.city)
    admin, path = city.school_admin, f"/units/{city.school['id']}/timetable"
    looked = await client.post(admin, f"{path}-preview", timetable_body())
    assert (looked.status_code, looked.json()["added"]) == (200, 4), looked.text
    assert (await client.get(admin, "/timetables")).json()["items"] == []
    done = await client.post(admin, path, timetable_body())
    assert done.json()["differences"] == looked.json()["differences"]
    again = await client.post(admin, path, timetable_body())
    assert (again.json()["unchanged"], again.json()["differences"]) == (4, [])
    key = done.json()["timetable_id"]
    timetable = await client.get(admin, f"/timetables/{key}")
    assert (timetable.json()["periods"], timetable.json()["lessons"]) == (PERIODS, 4)
    page = await client.get(admin, f"/lessons?timetable_id={key}&weekday=5&sort=weekday")
    lesson = page.json()["items"][0]
    assert (lesson["name"], lesson["period"], lesson["room"]) == ("测试甲", 3, "101")
    given = await client.get(
        city.teacher_account,
        f"/teachers/{city.teacher['id']}/taught-lessons?since=2026-11-20&until=2026-11-20",
    )
    assert [each["starts_at"] for each in given.json()] == ["2026-11-20T02:00:00Z"]


async def test_a_wrong_line_is_named(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/timetable"
    refused = await client.post(city.school_admin, path, timetable_body("无此人,1,1,,1班,语文,"))
    assert (refused.status_code, refused.json()["code"]) == (422, "timetable_refused")
    (line,) = refused.json()["details"]["lines"]
    assert (line["line"], line["field"], line["code"]) == (2, "name", "timetable_line_unknown")
    unread = await client.post(city.school_admin, path, timetable_body(content="姓名"))
    assert (unread.status_code, unread.json()["code"]) == (422, "timetable_unreadable")
    bureau = await client.post(
        city.county_admin, f"/units/{city.county['id']}/timetable", timetable_body()
    )
    assert (bureau.status_code, bureau.json()["code"]) == (422, "unit_not_a_school")


async def test_a_lesson_is_taken_over_and_given_back(
    client: Client, db: Connection, city: City
) -> None:
    await make_term(db, city.city_admin, city.city)
    admin = city.school_admin
    await client.post(admin, f"/units/{city.school['id']}/timetable", timetable_body())
    lesson = (await client.get(admin, "/lessons?weekday=5")).json()["items"][0]
    path = f"/lessons/{lesson['id']}/changes"
    new = {"day": "2026-11-20", "teacher_id": str(city.colleague["id"])}
    made = await client.post(admin, path, new)
    assert (made.status_code, made.json()["to_period"]) == (201, 3), made.text
    listed = await client.get(city.teacher_account, "/lesson-changes?since=2026-11-20")
    assert listed.json()["items"] == [made.json()]
    twice = await client.post(admin, path, new)
    assert (twice.status_code, twice.json()["code"]) == (409, "lesson_changed")
    never = await client.post(admin, path, new | {"day": "2026-11-21"})
    assert (never.status_code, never.json()["code"]) == (422, "lesson_not_given")
    gone = await client.request(admin, "DELETE", f"/lesson-changes/{made.json()['id']}")
    assert gone.json() == made.json()
