"""Clashes and free times over REST."""

from app.sql import Connection
from tests.make import City, Client, make_activity, make_group
from tests.make_timetables import make_half_day, make_term, make_timetable


async def test_clashes_and_free_times(client: Client, db: Connection, city: City) -> None:
    await make_term(db, city.city_admin, city.city)
    await make_timetable(db, city.school_admin, city.school)
    await make_half_day(db, city.city_admin, city.city, weekday=5)
    activity = await make_activity(db, city.county, city.county_admin)
    group = await make_group(db, city.school, city.teacher, city.colleague)
    days = "since=2026-11-16&until=2026-11-22"
    for person, path in (
        (city.county_admin, f"/activities/{activity['id']}/clashes"),
        (city.school_admin,
         f"/units/{city.school['id']}/clashes?school_year=2026&semester=first"),
        (city.teacher_account, f"/teachers/{city.teacher['id']}/clashes?{days}"),
    ):  # fmt: skip
        found = await client.get(person, path)
        assert (found.json()["clashes"], found.json()["teachers"]) == (1, 1), found.text
        (item,) = found.json()["items"]
        assert (item["name"], item["kind"]) == ("测试甲", "lesson")
        assert (item["starts_at"], item["class_name"]) == ("2026-11-20T02:00:00Z", "一年级1班")
    week = "week_of=2026-11-20"
    for path in (f"/units/{city.school['id']}", f"/groups/{group['id']}"):
        found = await client.get(city.school_admin, f"{path}/free-times?{week}")
        assert found.json() == [
            {"day": "2026-11-16", "half": "afternoon", "people": 2, "free": 2,
             "research_half_day": False},
        ]  # fmt: skip
    late = await client.get(
        city.teacher_account, f"/teachers/{city.teacher['id']}/clashes?since=2026-01-01&until=2027-01-01"
    )  # fmt: skip
    assert (late.status_code, late.json()["code"]) == (422, "timetable_window")
    second = await client.get(
        city.school_admin, f"/units/{city.school['id']}/clashes?school_year=2026&semester=second"
    )
    assert (second.status_code, second.json()["code"]) == (404, "term_not_found")
