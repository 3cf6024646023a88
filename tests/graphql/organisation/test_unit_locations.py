from tests.make import City, Client

CLASSIFY = (
    "mutation ($id: UUID!, $new: NewLocation!)"
    " { classifyUnit(unitId: $id, new: $new) { location locationCode } }"
)


async def test_a_school_is_classed_and_told_by_its_history(client: Client, city: City) -> None:
    unit_id = str(city.school["id"])
    for location, code, day in (("RURAL", None, "2020-09-01"), ("TOWN", "121", "2024-09-01")):
        new = {"location": location, "locationCode": code, "validFrom": day}
        answer = await client.graphql(city.county_admin, CLASSIFY, {"id": unit_id, "new": new})
        told = {"location": location, "locationCode": code}
        assert answer["data"]["classifyUnit"] == told
    answer = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { unitLocations(unitId: $id) { location validTo }"
        ' then: unitLocations(unitId: $id, asOf: "2021-01-01") { location }'
        " unit(id: $id) { location } }",
        {"id": unit_id},
    )  # fmt: skip
    assert answer["data"] == {
        "unitLocations": [
            {"location": "RURAL", "validTo": "2024-09-01"}, {"location": "TOWN", "validTo": None},
        ],
        "then": [{"location": "RURAL"}],
        "unit": {"location": "TOWN"},
    }  # fmt: skip
