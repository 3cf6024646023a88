"""Official documents over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document
from tests.make_evidence import make_file

CREATE = """
mutation ($new: NewOfficialDocument!) { createOfficialDocument(new: $new) { id status unit { name } } }
"""
WRITE = """
mutation ($id: UUID!, $draft: DocumentDraft!) {
  rewriteOfficialDocument(documentId: $id, draft: $draft) { title addresseeIds }
}
"""
ISSUE = "mutation ($id: UUID!) { issueOfficialDocument(documentId: $id) { state status } }"
OWN = "{ addressedDocuments { nodes { id title successor { id } } } }"
RECEIVE = """
mutation ($id: UUID!, $unit: UUID!) {
  receiveOfficialDocument(documentId: $id, receiving: {unitId: $unit}) { name receivedAt }
}
"""
READ = """
query ($id: UUID!) {
  officialDocument(id: $id) { status basisIds }
  officialDocuments { totalCount }
  documentReceipts(documentId: $id) { name overdue }
}
"""
REPEAL = """
mutation ($id: UUID!) {
  repealOfficialDocument(documentId: $id, repeal: {reason: "已办结"}) { status repealReason }
}
"""
LINK = "mutation ($id: UUID!) { createDocumentFileLink(documentId: $id, new: {}) { url } }"


async def test_a_document_goes_out_is_received_and_ends(client: Client, city: City) -> None:
    new = {"unitId": str(city.county["id"]), "title": "通知", "kind": "NOTICE"}
    made = await client.graphql(city.county_admin, CREATE, {"new": new})
    row = made["data"]["createOfficialDocument"]
    assert (row["status"], row["unit"]["name"]) == ("DRAFT", city.county["name"])
    key = {"id": row["id"]}
    draft = {
        "title": "改名", "kind": "NOTICE", "addresseeIds": [str(city.school["id"])],
        "receiveBy": "2099-11-30",
    }  # fmt: skip
    written = await client.graphql(city.county_admin, WRITE, {**key, "draft": draft})
    assert written["data"]["rewriteOfficialDocument"]["title"] == "改名"
    issued = await client.graphql(city.county_admin, ISSUE, key)
    assert issued["data"]["issueOfficialDocument"] == {"state": "ISSUED", "status": "IN_FORCE"}
    own = (await client.graphql(city.teacher_account, OWN))["data"]["addressedDocuments"]
    assert own["nodes"] == [{**key, "title": "改名", "successor": None}]
    unit = {**key, "unit": str(city.school["id"])}
    received = (await client.graphql(city.school_admin, RECEIVE, unit))["data"]
    assert received["receiveOfficialDocument"]["receivedAt"]
    read = (await client.graphql(city.county_admin, READ, key))["data"]
    assert read == {
        "officialDocument": {"status": "IN_FORCE", "basisIds": []},
        "officialDocuments": {"totalCount": 1},
        "documentReceipts": [{"name": city.school["name"], "overdue": False}],
    }
    ended = (await client.graphql(city.county_admin, REPEAL, key))["data"]
    assert ended["repealOfficialDocument"] == {"status": "REPEALED", "repealReason": "已办结"}
    again = await client.graphql(city.county_admin, REPEAL, key)
    assert again["errors"][0]["extensions"]["code"] == "document_not_in_force"


async def test_addressees_open_the_document_itself(
    client: Client, db: Connection, city: City
) -> None:
    file = await make_file(db, city.county, city.county_admin)
    row = await make_document(db, city.county, city.county_admin, city.school, file_id=file["id"])
    key = {"id": str(row["id"])}
    link = await client.graphql(city.teacher_account, LINK, key)
    assert str(file["id"]) in link["data"]["createDocumentFileLink"]["url"]
    outside = await client.graphql(city.sibling_admin, LINK, key)
    assert outside["errors"][0]["extensions"]["code"] == "official_document_not_found"
