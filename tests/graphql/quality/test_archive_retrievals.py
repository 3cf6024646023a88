"""Looking into archives over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_sealed_of

LOOK = """mutation ($id: UUID!) {
    createArchiveRetrieval(volumeId: $id, new: {reason: "年度督导"}) { reason volume { state } }
}"""
READ = "query ($id: UUID!) { archiveRetrievals(volumeId: $id) { nodes { reason } } }"


async def test_a_look_is_recorded(client: Client, db: Connection, city: City) -> None:
    one = {"id": str((await make_sealed_of(db, city, growth=True))["id"])}
    made = await client.graphql(city.county_admin, LOOK, one)
    assert made["data"]["createArchiveRetrieval"] == {
        "reason": "年度督导", "volume": {"state": "SEALED"},
    }  # fmt: skip
    shown = await client.graphql(city.teacher_account, READ, one)
    assert shown["data"]["archiveRetrievals"]["nodes"] == [{"reason": "年度督导"}]
    refused = await client.graphql(city.sibling_admin, LOOK, one)
    assert refused["errors"][0]["extensions"]["code"] == "archive_volume_not_found"
