"""Schools compared, over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_reports import HELD, make_titled

ASK = """query ($unit: UUID!) {
    schoolInequality(unitId: $unit, measure: ACTIVITIES_HELD) { gini total fifth topFifth lorenz }
    designationComparison(unitId: $unit, measure: ACTIVITIES_HELD, level: COUNTY) {
        group schools numerator denominator value asOf
    }
}"""


async def test_schools_are_compared(client: Client, city: City, db: Connection) -> None:
    by, unit = city.county_admin, {"unit": str(city.county["id"])}
    await make_titled(db, by, city.school)
    await make_activity(db, city.school, by, state=HELD)
    found = (await client.graphql(by, ASK, unit))["data"]
    spread = found["schoolInequality"]
    assert (spread["gini"], spread["total"], spread["topFifth"]) == ("0.5000", 1, 1)
    assert spread["lorenz"][-1] == "100.00"
    assert [(each["group"], each["value"]) for each in found["designationComparison"]] == [
        ("DESIGNATED", "1.00"), ("OTHER", "0.00"),
    ]  # fmt: skip
    hidden = await client.graphql(city.other_county_admin, ASK, unit)
    assert hidden["errors"][0]["extensions"]["code"] == "unit_not_found"
