"""Hires of trainers over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

NEW = {"topic": "课堂评析", "held_on": "2026-11-20", "fee": "800", "funds_line": "教师培训费"}


async def test_a_hire_with_its_fee(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin)
    path = f"/trainers/{trainer['id']}/hires"
    made = await client.post(city.county_admin, path, NEW)
    assert (made.status_code, made.json()["fee"]) == (201, "800.00")
    again = await client.post(city.county_admin, path, NEW)
    assert (again.status_code, again.json()["code"]) == (409, "trainer_hired")
    one = await client.get(city.city_admin, made.headers["location"].removeprefix("/api/v1"))
    assert one.json() == made.json()
    page = await client.get(city.county_admin, "/trainer-hires?since=2026-11-20&until=2026-11-20")
    assert page.json()["items"] == [made.json()]
    assert (await client.get(city.school_admin, "/trainer-hires")).json()["items"] == []
