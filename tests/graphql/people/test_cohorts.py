"""Cohorts over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_programme

OPEN = """mutation ($id: UUID!, $new: NewCohort!) {
    openCohort(programmeId: $id, new: $new) { id teachers programme { name } }
}"""
QUOTA = """mutation ($id: UUID!, $new: NewCohortQuota!) {
    setCohortQuota(cohortId: $id, new: $new) { name places }
}"""
READ = """query ($id: UUID!) {
    cohort(id: $id) { goals }
    cohortQuotas(cohortId: $id) { name places }
    cohorts(offered: true) { nodes { year } }
}"""


async def test_a_cohort_with_its_programme(client: Client, db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    new = {
        "name": "第一期", "year": 2026, "places": 30, "goals": ["上好一节公开课"],
        "startsOn": "2026-09-01", "endsOn": "2027-06-30",
    }  # fmt: skip
    made = await client.graphql(city.county_admin, OPEN, {"id": str(programme["id"]), "new": new})
    cohort = made["data"]["openCohort"]
    assert (cohort["teachers"], cohort["programme"]) == (0, {"name": "青蓝工程"})
    quota = {"schoolId": str(city.school["id"]), "places": 2}
    said = await client.graphql(city.county_admin, QUOTA, {"id": cohort["id"], "new": quota})
    read = await client.graphql(city.school_admin, READ, {"id": cohort["id"]})
    assert read["data"] == {
        "cohort": {"goals": ["上好一节公开课"]},
        "cohortQuotas": [said["data"]["setCohortQuota"]],
        "cohorts": {"nodes": [{"year": 2026}]},
    }
