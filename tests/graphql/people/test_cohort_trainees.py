"""Trainees in cohorts over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_cohort, make_programme, make_trainee

ENTER = """mutation ($id: UUID!, $new: NewCohortTrainee!) {
    enterCohortTrainee(cohortId: $id, new: $new) { id name }
}"""
COMPLETE = """mutation ($id: UUID!) {
    completeCohortTrainee(partId: $id, completion: {on: "2026-11-01"}) { completedOn }
}"""
READ = """query ($cohort: UUID!, $unit: UUID!) {
    cohortTrainees(cohortId: $cohort) { nodes { name } }
    traineeCounts(unitId: $unit) { year people participations completed }
}"""


async def test_a_trainee_in_a_cohort(client: Client, db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    trainee = await make_trainee(db, city.county)
    new = {"traineeId": str(trainee["id"])}
    made = await client.graphql(city.county_admin, ENTER, {"id": str(cohort["id"]), "new": new})
    part = made["data"]["enterCohortTrainee"]
    assert part["name"] == "学员甲"
    done = await client.graphql(city.county_admin, COMPLETE, {"id": part["id"]})
    assert done["data"]["completeCohortTrainee"] == {"completedOn": "2026-11-01"}
    asked = {"cohort": str(cohort["id"]), "unit": str(city.county["id"])}
    read = await client.graphql(city.county_admin, READ, asked)
    assert read["data"] == {
        "cohortTrainees": {"nodes": [{"name": "学员甲"}]},
        "traineeCounts": [{"year": 2026, "people": 1, "participations": 1, "completed": 1}],
    }
