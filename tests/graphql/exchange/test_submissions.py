from app.sql import Connection
from tests.make import City, Client
from tests.make_province import make_codes, make_province, make_things

CREATE = """mutation ($new: NewSubmission!) {
  createSubmission(new: $new) { id number records waiting state }
}"""
RECORDS = """query ($id: UUID!) {
  submission(id: $id) { kind waiting }
  submissionRecords(submissionId: $id, first: 2) { nodes { key kind state } pageInfo { hasNextPage } }
}"""
SAY = """mutation ($id: UUID!, $receipts: NewReceipts!) {
  acknowledgeSubmission(submissionId: $id, receipts: $receipts) { accepted rejected }
}"""
AGAIN = "mutation ($id: UUID!) { resendSubmission(submissionId: $id) { id } }"
HASTEN = "mutation ($id: UUID!) { hastenSubmission(submissionId: $id) { state } }"
LIST = "{ submissions(kind: CREDITS) { nodes { id } } }"


async def test_it_is_made_read_and_acknowledged(client: Client, db: Connection, city: City) -> None:
    await make_codes(db, city)
    batch, province = await make_things(db, city), await make_province(db, city)
    new = {"cityId": str(city.city["id"]), "kind": "CREDITS", "batchId": str(batch["id"])}
    made = await client.graphql(city.integration, CREATE, {"new": new})
    row = made["data"]["createSubmission"]
    assert (row["number"], row["records"], row["state"]) == (1, 4, "WAITING")
    shown = (await client.graphql(province, RECORDS, {"id": row["id"]}))["data"]
    assert shown["submission"] == {"kind": "CREDITS", "waiting": 4}
    assert shown["submissionRecords"]["pageInfo"] == {"hasNextPage": True}
    [first, _] = shown["submissionRecords"]["nodes"]
    said = {"receipts": [{"key": first["key"], "state": "ACCEPTED"}]}
    variables = {"id": row["id"], "receipts": said}
    told = await client.graphql(province, SAY, variables)
    assert told["data"]["acknowledgeSubmission"] == {"accepted": 1, "rejected": 0}
    denied = await client.graphql(city.integration, SAY, variables)
    assert denied["errors"][0]["extensions"]["code"] == "not_allowed"
    hastened = await client.graphql(city.integration, HASTEN, {"id": row["id"]})
    assert hastened["data"]["hastenSubmission"] == {"state": "WAITING"}
    early = await client.graphql(city.integration, AGAIN, {"id": row["id"]})
    assert early["errors"][0]["extensions"]["code"] == "submission_under_way"
    listed = await client.graphql(city.auditor, LIST)
    assert listed["data"]["submissions"]["nodes"] == [{"id": row["id"]}]
