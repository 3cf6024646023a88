"""Cohorts over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_programme

NEW = {
    "name": "第一期", "year": 2026, "places": 30, "goals": ["上好一节公开课", "完成一项课题"],
    "starts_on": "2026-09-01", "ends_on": "2027-06-30",
}  # fmt: skip


async def test_a_cohort_is_opened_with_quotas(client: Client, db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    path = f"/programmes/{programme['id']}/cohorts"
    made = await client.post(city.county_admin, path, NEW)
    assert made.status_code == 201, made.text
    cohort = made.headers["location"].removeprefix("/api/v1")
    again = await client.post(city.county_admin, path, NEW)
    assert (again.status_code, again.json()["code"]) == (409, "cohort_exists")
    early = await client.post(city.county_admin, path, NEW | {"starts_on": "2020-09-01"})
    assert (early.status_code, early.json()["code"]) == (422, "cohort_outside_programme")
    quota = {"school_id": str(city.school["id"]), "places": 3}
    said = await client.post(city.county_admin, f"{cohort}/quotas", quota)
    assert (said.status_code, said.json()["name"]) == (200, "甲县第一小学")
    seen = await client.get(city.sibling_admin, f"{cohort}/quotas")
    assert seen.json() == [said.json()]
    assert (await client.get(city.teacher_account, cohort)).json() == made.json()
    page = await client.get(city.school_admin, "/cohorts?offered=true&year=2026")
    assert page.json()["items"] == [made.json()]
