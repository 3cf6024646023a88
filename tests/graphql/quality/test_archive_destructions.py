"""Destroying archives over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_destruction, make_sealed_of

PROPOSE = """mutation ($id: UUID!) {
    proposeArchiveDestruction(volumeId: $id, new: {reason: "柜满"}) { id }
}"""
DECIDE = """mutation ($id: UUID!) {
    decideArchiveDestruction(destructionId: $id, decision: {agreed: false, opinion: "仍需保存"}) {
        state opinion volume { state }
    }
}"""
READ = "{ archiveDestructions(state: REFUSED) { nodes { reason } } }"


async def test_another_decides_what_one_proposed(
    client: Client, db: Connection, city: City
) -> None:
    volume = await make_sealed_of(db, city)
    early = await client.graphql(city.school_admin, PROPOSE, {"id": str(volume["id"])})
    assert early["errors"][0]["extensions"]["code"] == "archive_retained"
    made = await make_destruction(db, city.school_admin, volume)
    done = await client.graphql(city.county_admin, DECIDE, {"id": str(made["id"])})
    assert done["data"]["decideArchiveDestruction"] == {
        "state": "REFUSED", "opinion": "仍需保存", "volume": {"state": "SEALED"},
    }  # fmt: skip
    found = (await client.graphql(city.county_admin, READ))["data"]["archiveDestructions"]
    assert found["nodes"] == [{"reason": made["reason"]}]
