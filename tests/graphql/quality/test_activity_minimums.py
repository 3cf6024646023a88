"""The least that schools are to hold, over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!) {
    setActivityMinimum(unitId: $unit, new: {
        atLeast: 1, months: 6, source: "第五条", validFrom: "2026-09-01"
    }) { id atLeast unit { name } }
}"""
ASK = """query ($id: UUID!, $unit: UUID!) {
    activityMinimum(id: $id) { months }
    activityMinimums(unitId: $unit) { nodes { id } }
    inactiveSchools(unitId: $unit) { nodes { name held atLeast } }
}"""
END = """mutation ($id: UUID!) {
    endActivityMinimum(activityMinimumId: $id, end: {on: "2026-10-01"}) { validTo }
}"""


async def test_a_minimum_is_set_told_by_and_ended(client: Client, city: City) -> None:
    by, unit = city.county_admin, str(city.county["id"])
    made = (await client.graphql(by, SET, {"unit": unit}))["data"]["setActivityMinimum"]
    assert (made["atLeast"], made["unit"]["name"]) == (1, city.county["name"])
    found = (await client.graphql(by, ASK, {"id": made["id"], "unit": unit}))["data"]
    assert found["activityMinimums"]["nodes"] == [{"id": made["id"]}]
    assert {each["name"] for each in found["inactiveSchools"]["nodes"]} == {
        city.school["name"], city.sibling["name"],
    }  # fmt: skip
    refused = await client.graphql(city.auditor, SET, {"unit": unit})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    ended = await client.graphql(by, END, {"id": made["id"]})
    assert ended["data"]["endActivityMinimum"]["validTo"] == "2026-10-01"
