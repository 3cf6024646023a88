from app.sql import Connection
from tests.make import City, Client
from tests.make_evidence import make_file

SHARE = (
    "mutation ($id: UUID!, $consent: String) { shareFile(fileId: $id,"
    " change: {sharing: COUNTY, consent: $consent}) { sharing consent } }"
)


async def test_files_are_listed_linked_and_shared(
    client: Client, db: Connection, city: City
) -> None:
    file = await make_file(db, city.school, city.teacher_account, city.teacher, shows_pupils=True)
    key = {"id": str(file["id"])}
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { files(kind: IMAGE) { nodes { id } } file(id: $id) { showsPupils } }",
        key,
    )
    assert listed["data"] == {"files": {"nodes": [key]}, "file": {"showsPupils": True}}
    link = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { createFileLink(fileId: $id, new: {}) { url } }",
        key,
    )
    assert link["data"]["createFileLink"]["url"].startswith(f"/files/{key['id']}?purpose=download")
    refused = await client.graphql(city.school_admin, SHARE, key)
    assert refused["errors"][0]["extensions"]["code"] == "file_consent_missing"
    foreign = await client.graphql(city.county_admin, SHARE, key)
    assert foreign["errors"][0]["extensions"]["code"] == "file_not_found"
    shared = await client.graphql(city.school_admin, SHARE, key | {"consent": "同意书 17"})
    assert shared["data"]["shareFile"] == {"sharing": "COUNTY", "consent": "同意书 17"}
