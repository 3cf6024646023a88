"""Trainees in cohorts over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_cohort, make_programme, make_trainee


async def test_a_trainee_takes_part_and_is_counted(
    client: Client, db: Connection, city: City
) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county), places=1)
    trainee = await make_trainee(db, city.county)
    path, new = f"/cohorts/{cohort['id']}/participations", {"trainee_id": str(trainee["id"])}
    made = await client.post(city.county_admin, path, new)
    assert (made.status_code, made.json()["name"]) == (201, "学员甲"), made.text
    full = await client.post(city.county_admin, path, new)
    assert (full.status_code, full.json()["code"]) == (409, "cohort_full")
    done = await client.post(
        city.county_admin, f"/cohort-trainees/{made.json()['id']}/complete", {}
    )
    assert done.json()["completed_on"] is not None
    assert (await client.get(city.county_admin, path)).json()["items"] == [done.json()]
    counts = await client.get(city.county_admin, f"/units/{city.county['id']}/trainee-counts")
    assert counts.json() == [
        {"year": 2026, "category": "technical", "people": 1, "participations": 1, "completed": 1}
    ]
