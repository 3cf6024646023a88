"""Pairs over GraphQL."""

from tests.make import City, Client

FORM = """mutation ($new: NewPair!) {
    formPair(new: $new) { id kind one { name } other { name } }
}"""
END = 'mutation ($id: UUID!) { endPair(pairId: $id, end: {result: "完成"}) { result } }'
LIST = "{ pairs(open: true) { nodes { oneName otherName } } }"


async def test_a_pair_with_both_of_it(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.school["id"]),
        "teacherIds": [str(city.teacher["id"]), str(city.colleague["id"])],
        "kind": "FRIENDS",
        "purpose": "互听互评",
        "validFrom": "2026-09-01",
        "validTo": "2027-09-01",
    }
    made = await client.graphql(city.school_admin, FORM, {"new": new})
    pair = made["data"]["formPair"]
    assert {pair["one"]["name"], pair["other"]["name"]} == {"测试甲", "测试乙"}
    seen = await client.graphql(city.teacher_account, LIST)
    assert seen["data"]["pairs"]["nodes"] == [
        {"oneName": pair["one"]["name"], "otherName": pair["other"]["name"]}
    ]
    one = "query ($id: UUID!) { pair(id: $id) { purpose } }"
    read = await client.graphql(city.teacher_account, one, {"id": pair["id"]})
    assert read["data"]["pair"] == {"purpose": "互听互评"}
    refused = await client.graphql(city.teacher_account, END, {"id": pair["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    over = await client.graphql(city.school_admin, END, {"id": pair["id"]})
    assert over["data"]["endPair"] == {"result": "完成"}
