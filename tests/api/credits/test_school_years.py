from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client


async def test_a_year_is_closed_and_opened_for_a_school(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    new = {"unit_id": str(city.county["id"]), "school_year": 2020, "reason": "学年结束"}
    closed = await client.post(city.county_admin, "/school-year-closings", new)
    assert closed.status_code == 201, closed.text
    path = closed.headers["Location"].removeprefix("/api/v1")
    assert (closed.json()["starts_on"], closed.json()["ends_on"]) == ("2020-09-01", "2021-08-31")
    assert (await client.get(city.teacher_account, path)).json() == closed.json()
    own = await client.get(city.teacher_account, "/me/school-year-closings")
    assert own.json()["items"] == [closed.json()]
    placed = await client.get(city.city_admin, "/school-year-closings?school_year=2020")
    assert placed.json()["items"] == [closed.json()]
    again = await client.post(city.city_admin, "/school-year-closings", new)
    assert (again.status_code, again.json()["code"]) == (409, "school_year_closed_already")
    window = {
        "unit_id": str(city.school["id"]), "school_year": 2020, "reason": "灾情延误",
        "opens_on": "2026-11-01", "closes_on": "2098-11-01",
    }  # fmt: skip
    denied = await client.post(city.county_admin, "/late-windows", window)
    assert denied.status_code == 403
    opened = await client.post(city.city_admin, "/late-windows", window)
    assert opened.status_code == 201, opened.text
    listed = await client.get(city.school_admin, "/late-windows")
    assert listed.json()["items"] == [opened.json()]
