from app.sql import Connection
from tests.make import City, Client
from tests.make_evaluations import make_published

QUERY = """query ($unit: UUID!, $year: Int!) {
  evaluationResults(unitId: $unit, schoolYear: $year) { name kind score total rectified } }"""


async def test_results_of_a_school_year(client: Client, db: Connection, city: City) -> None:
    await make_published(db, city)
    key = {"unit": str(city.school["id"])}
    answer = await client.graphql(city.school_admin, QUERY, key | {"year": 2026})
    assert answer["data"]["evaluationResults"] == [
        {
            "name": "甲县第一小学", "kind": "SELF_INSPECTION", "score": "44.00", "total": "100.00",
            "rectified": 0,
        }
    ]  # fmt: skip
    wrong = await client.graphql(city.school_admin, QUERY, key | {"year": 1})
    assert wrong["errors"][0]["extensions"]["code"] == "school_year_unfit"
