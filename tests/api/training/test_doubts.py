from datetime import timedelta

from app.domain.training.doubts import find_doubts
from app.sql import Connection, Row
from tests.make import NOW, City, Client, make_activity, make_attendance


async def overlapping(db: Connection, city: City) -> Row:
    """The activity at which the teacher was while being at another."""
    first = await make_activity(db, city.county, city.county_admin)
    second = await make_activity(
        db, city.county, city.county_admin, begins=NOW + timedelta(hours=1)
    )
    for activity in (first, second):
        await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    await find_doubts(db, activity_id=second["id"], now=NOW)
    return second


async def test_a_doubt_is_seen_and_decided(client: Client, db: Connection, city: City) -> None:
    activity = await overlapping(db, city)
    path = f"/attendance-doubts?activity_id={activity['id']}&kind=overlap&state=open"
    (doubt,) = (await client.get(city.county_admin, path)).json()["items"]
    assert doubt["people"] == [str(city.teacher["id"])]
    assert doubt["figures"]["minutes"] == 60
    one = f"/attendance-doubts/{doubt['id']}"
    assert (await client.get(city.auditor, one)).json() == doubt
    opinion = {"opinion": "两场均有签到，调查后确认代签"}
    for person, status, code in (
        (city.other_county_admin, 404, "attendance_doubt_not_found"),
        (city.auditor, 403, "not_allowed"),
    ):
        refused = await client.post(person, f"{one}/confirm", opinion)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    told = await client.post(city.county_admin, f"{one}/confirm", opinion)
    assert (told.status_code, told.json()["state"]) == (200, "confirmed")
    again = await client.post(city.county_admin, f"{one}/dismiss", opinion)
    assert (again.status_code, again.json()["code"]) == (409, "attendance_doubt_decided")
    assert (await client.get(city.county_admin, path)).json()["items"] == []
