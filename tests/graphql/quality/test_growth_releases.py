"""Releases of growth files over GraphQL."""

import json

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_sealed_of

GIVE = """mutation {
    giveGrowthRelease(new: {
        recipientName: "邻市教育局", purpose: "调动", kinds: [NOTE], validUntil: "2099-12-31"
    }) { id state teacher { name } }
}"""
HAND_OVER = """mutation ($id: UUID!) {
    handOverGrowthFile(releaseId: $id) { pieces document }
}"""
REVOKE = "mutation ($id: UUID!) { revokeGrowthRelease(releaseId: $id) { state } }"
READ = """query ($id: UUID!) {
    growthRelease(releaseId: $id) { state kinds }
    growthReleases(state: HANDED_OVER) { nodes { id } }
}"""


async def test_what_a_person_lets_go_is_handed_over(
    client: Client, db: Connection, city: City
) -> None:
    await make_sealed_of(db, city, growth=True)
    given = (await client.graphql(city.teacher_account, GIVE))["data"]["giveGrowthRelease"]
    assert (given["state"], given["teacher"]) == ("GIVEN", {"name": city.teacher["name"]})
    one = {"id": given["id"]}
    refused = await client.graphql(city.school_admin, REVOKE, one)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    left = (await client.graphql(city.school_admin, HAND_OVER, one))["data"]["handOverGrowthFile"]
    assert left["pieces"] == 1
    assert json.loads(left["document"])["record"]["kinds"] == ["note"]
    late = await client.graphql(city.teacher_account, REVOKE, one)
    assert late["errors"][0]["extensions"]["code"] == "growth_release_over"
    shown = (await client.graphql(city.school_admin, READ, one))["data"]
    assert shown["growthRelease"] == {"state": "HANDED_OVER", "kinds": ["NOTE"]}
    assert shown["growthReleases"]["nodes"] == [one]


async def test_a_release_is_revoked(client: Client, city: City) -> None:
    given = (await client.graphql(city.teacher_account, GIVE))["data"]["giveGrowthRelease"]
    gone = await client.graphql(city.teacher_account, REVOKE, {"id": given["id"]})
    assert gone["data"]["revokeGrowthRelease"] == {"state": "REVOKED"}
