from tests.make import City, Client

ENTER = "mutation ($new: NewProvinceCode!) { enterProvinceCode(new: $new) { id ours theirs } }"
VOID = "mutation ($id: UUID!) { voidProvinceCode(provinceCodeId: $id) { supersededAt } }"
LIST = "{ provinceCodes(codeSet: RANK) { nodes { id ours theirs } } }"
ONE = "query ($id: UUID!) { provinceCode(id: $id) { codeSet } }"


async def test_a_line_is_entered_found_and_voided(client: Client, city: City) -> None:
    who = city.integration
    new = {"cityId": str(city.city["id"]), "codeSet": "RANK", "ours": "senior", "theirs": "12"}
    row = (await client.graphql(who, ENTER, {"new": new}))["data"]["enterProvinceCode"]
    assert (await client.graphql(who, LIST))["data"]["provinceCodes"]["nodes"] == [row]
    one = await client.graphql(who, ONE, {"id": row["id"]})
    assert one["data"]["provinceCode"] == {"codeSet": "RANK"}
    assert "errors" not in await client.graphql(who, VOID, {"id": row["id"]})
    again = await client.graphql(who, VOID, {"id": row["id"]})
    assert again["errors"][0]["extensions"]["code"] == "province_code_void"
