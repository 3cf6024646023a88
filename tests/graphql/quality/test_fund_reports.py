"""Reports of the funds over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_funds import YEAR, make_open

READ = """query ($unit: UUID!, $year: Int!) {
    fundExecution(unitId: $unit, year: $year) { level spendClass planned spent }
    fundGuarantees(unitId: $unit, year: $year) { promised paid }
    fundEfficiency(unitId: $unit, year: $year) {
        perPersonTime { spent personTimes yuan } perPerson { persons } perCredit { credits }
    }
}"""


async def test_reports_of_a_school(client: Client, db: Connection, city: City) -> None:
    await make_open(db, city.school_admin, city.county_admin, city.school)
    given = {"unit": str(city.school["id"]), "year": YEAR}
    read = (await client.graphql(city.auditor, READ, given))["data"]
    assert read["fundExecution"] == [
        {"level": "SCHOOL", "spendClass": "TRAINING", "planned": "10000.00", "spent": "0.00"}
    ]
    assert read["fundGuarantees"] == []
    assert read["fundEfficiency"]["perPersonTime"] == {
        "spent": "0.00", "personTimes": 0, "yuan": None,
    }  # fmt: skip
    refused = await client.graphql(city.auditor, READ, given | {"year": 1800})
    assert {each["extensions"]["code"] for each in refused["errors"]} == {"budget_year_unfit"}
