"""Assessments of trainers over REST."""

from datetime import date

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

YEAR = {"year": 2003, "grade": "excellent", "score": "95", "remark": "案例扎实"}


async def test_a_year_is_judged_once(client: Client, db: Connection, city: City) -> None:
    since = {"entered_on": date(2002, 1, 1)}
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher, **since)
    path = f"/trainers/{trainer['id']}/assessments"
    early = await client.post(city.county_admin, path, YEAR | {"year": 2001})
    assert (early.status_code, early.json()["code"]) == (422, "trainer_year_unfit")
    made = await client.post(city.county_admin, path, YEAR)
    assert made.status_code == 201, made.text
    again = await client.post(city.county_admin, path, YEAR)
    assert (again.status_code, again.json()["code"]) == (409, "trainer_assessed")
    own = await client.get(city.teacher_account, made.headers["location"].removeprefix("/api/v1"))
    assert own.json() == made.json()
    page = await client.get(city.county_admin, "/trainer-assessments?year=2003&grade=excellent")
    assert page.json()["items"] == [made.json()]
