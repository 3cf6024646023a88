from tests.make import City, Client

GIVE = "mutation ($id: UUID!, $new: NewCode!) { giveCode(unitId: $id, new: $new) { code } }"
VOID = "mutation ($id: UUID!, $end: CodeEnd!) { voidCode(unitId: $id, end: $end) { code } }"


async def test_a_code_is_given_made_void_and_told(client: Client, city: City) -> None:
    unit_id = str(city.school["id"])
    new = {"code": "2143000001", "validFrom": "2024-09-01"}
    given = await client.graphql(city.county_admin, GIVE, {"id": unit_id, "new": new})
    assert given["data"]["giveCode"] == {"code": "2143000001"}
    void = await client.graphql(
        city.county_admin, VOID, {"id": unit_id, "end": {"on": "2025-09-01"}}
    )
    assert void["data"]["voidCode"] == {"code": None}
    new["validFrom"] = "2025-09-01"
    again = await client.graphql(city.county_admin, GIVE, {"id": unit_id, "new": new})
    assert again["errors"][0]["extensions"]["code"] == "unit_code_taken"
    told = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { unitCodes(unitId: $id) { code kind validTo } }",
        {"id": unit_id},
    )
    assert told["data"]["unitCodes"] == [
        {"code": "2143000001", "kind": "SCHOOL", "validTo": "2025-09-01"}
    ]
