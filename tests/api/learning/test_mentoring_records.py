"""Mentoring records over REST."""

from datetime import date

from app.sql import Connection
from tests.make import City, Client
from tests.make_mentorships import make_mentorship

TERM = {"valid_from": date(2001, 9, 1), "valid_to": date(2999, 9, 1)}
NEW = {"kind": "talk", "held_on": "2002-03-01", "hours": "1.5", "content": "交流课堂管理的几个办法"}


async def test_a_record_is_written_and_confirmed(
    client: Client, db: Connection, city: City
) -> None:
    held = await make_mentorship(
        db, city.school, city.school_admin, city.colleague, city.teacher, **TERM
    )
    path = f"/mentorships/{held['id']}/records"
    made = await client.post(city.teacher_account, path, NEW)
    assert made.status_code == 201, made.text
    record = made.headers["location"].removeprefix("/api/v1")
    own = await client.post(city.teacher_account, f"{record}/confirm")
    assert (own.status_code, own.json()["code"]) == (409, "mentoring_record_of_own_side")
    seen = await client.post(city.colleague_account, f"{record}/confirm")
    assert seen.json()["confirmed_at"] is not None
    assert (await client.get(city.school_admin, record)).json() == seen.json()
    late = await client.post(city.teacher_account, path, NEW | {"held_on": "2000-01-01"})
    assert (late.status_code, late.json()["code"]) == (422, "mentoring_day_unfit")
    page = await client.get(city.county_admin, "/mentoring-records?confirmed=true&kind=talk")
    assert page.json()["items"] == [seen.json()]
