"""Mergers of two records over GraphQL."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_twins

PROPOSE = """mutation ($new: NewPersonMerger!) {
    proposePersonMerger(new: $new) { id survivorName mergedSchoolId state }
}"""
ACCEPT = """mutation ($id: UUID!) {
    acceptPersonMerger(mergerId: $id, consent: {opinion: "情况属实", confirmed: true}) { state }
}"""
DECLINE = """mutation ($id: UUID!) {
    declinePersonMerger(mergerId: $id, refusal: {opinion: "有误"}) { state }
}"""
READ = """query ($id: UUID!, $former: UUID!) {
    personMerger(id: $id) { state }
    personMergers { nodes { state } }
    nodes(ids: [$former]) { id }
}""".replace("$former: UUID!", "$former: ID!")


async def test_a_merger_by_the_bureau_over_both(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    new = {
        "survivorId": str(one["id"]), "mergedId": str(other["id"]),
        "reason": "两条记录系同一人", "confirmed": True,
    }  # fmt: skip
    first = await client.graphql(city.city_admin, PROPOSE, {"new": new})
    assert first["data"]["proposePersonMerger"]["mergedSchoolId"] == str(city.far_school["id"])
    key = {"id": first["data"]["proposePersonMerger"]["id"]}
    back = await client.graphql(city.city_admin, DECLINE, key)
    assert back["data"]["declinePersonMerger"] == {"state": "WITHDRAWN"}
    second = await client.graphql(city.city_admin, PROPOSE, {"new": new})
    key = {"id": second["data"]["proposePersonMerger"]["id"]}
    done = await client.graphql(city.city_admin, ACCEPT, key)
    assert done["data"]["acceptPersonMerger"] == {"state": "MERGED"}
    read = await client.graphql(city.city_admin, READ, key | {"former": str(other["id"])})
    assert read["data"] == {
        "personMerger": {"state": "MERGED"},
        "personMergers": {"nodes": [{"state": "WITHDRAWN"}, {"state": "MERGED"}]},
        "nodes": [None],
    }
