"""Transfers over GraphQL."""

from tests.make import City, Client

PROPOSE = "mutation ($new: NewTransfer!) { proposeTransfer(new: $new) { id state proposer } }"
ACCEPT = """mutation ($id: UUID!) {
    acceptTransfer(transferId: $id, answered: {opinion: "同意"}) { state opinion }
    completeTransfer(transferId: $id, completion: {posts: [TEACHER, CLASS_HEAD]}) {
        state effectiveOn teacher { name posts school { name } }
    }
}"""
LIST = """query ($state: TransferState) {
    transfers(state: $state) { totalCount nodes { name fromName toName teacher { name } } }
}"""


async def test_a_transfer_from_both_sides(client: Client, city: City) -> None:
    new = {
        "teacherId": str(city.teacher["id"]),
        "toSchoolId": str(city.sibling["id"]),
        "reason": "交流",
    }
    made = await client.graphql(city.school_admin, PROPOSE, {"new": new})
    transfer = made["data"]["proposeTransfer"]
    assert (transfer["state"], transfer["proposer"]) == ("PROPOSED", "LEAVING")
    seen = await client.graphql(city.sibling_admin, LIST, {"state": "PROPOSED"})
    narrow = {"name": "测试甲", "fromName": "甲县第一小学", "toName": "甲县第二小学"}
    assert seen["data"]["transfers"] == {
        "totalCount": 1, "nodes": [{**narrow, "teacher": None}],
    }  # fmt: skip
    done = await client.graphql(city.sibling_admin, ACCEPT, {"id": transfer["id"]})
    assert done["data"]["acceptTransfer"] == {"state": "ACCEPTED", "opinion": "同意"}
    teacher = done["data"]["completeTransfer"]["teacher"]
    assert teacher["school"] == {"name": "甲县第二小学"}
    assert sorted(teacher["posts"]) == ["CLASS_HEAD", "TEACHER"]


async def test_refusals_have_their_codes(client: Client, city: City) -> None:
    new = {"teacherId": str(city.teacher["id"]), "destination": "长沙市", "reason": "调动"}
    made = await client.graphql(city.school_admin, PROPOSE, {"new": new})
    key = made["data"]["proposeTransfer"]["id"]
    refused = await client.graphql(city.school_admin, ACCEPT, {"id": key})
    assert refused["errors"][0]["extensions"]["code"] == "transfer_other_side"
    query = "query ($id: UUID!) { transfer(id: $id) { destination } }"
    own = await client.graphql(city.teacher_account, query, {"id": key})
    assert own["data"]["transfer"] == {"destination": "长沙市"}
    back = "mutation ($id: UUID!) { withdrawTransfer(transferId: $id) { state } }"
    withdrawn = await client.graphql(city.school_admin, back, {"id": key})
    assert withdrawn["data"]["withdrawTransfer"] == {"state": "WITHDRAWN"}
    no = """mutation ($id: UUID!) {
        declineTransfer(transferId: $id, answered: {opinion: "不同意"}) { state }
    }"""
    declined = await client.graphql(city.county_admin, no, {"id": key})
    assert declined["errors"][0]["extensions"]["code"] == "transfer_not_there"
