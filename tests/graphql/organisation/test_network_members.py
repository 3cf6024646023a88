from app.sql import Connection
from tests.make import City, Client
from tests.make_organisation import make_network


async def test_schools_join_and_leave(client: Client, db: Connection, city: City) -> None:
    network_id = str((await make_network(db, city.county))["id"])
    joining = (
        "mutation ($id: UUID!, $new: NewNetworkMember!)"
        " { joinNetwork(networkId: $id, new: $new) { name validFrom validTo school { name } } }"
    )
    new = {"schoolId": str(city.school["id"]), "validFrom": "2026-09-01"}
    joined = await client.graphql(city.county_admin, joining, {"id": network_id, "new": new})
    assert joined["data"]["joinNetwork"] == {
        "name": "甲县第一小学", "validFrom": "2026-09-01", "validTo": None,
        "school": {"name": "甲县第一小学"},
    }  # fmt: skip
    again = await client.graphql(city.county_admin, joining, {"id": network_id, "new": new})
    assert again["errors"][0]["extensions"]["code"] == "network_member_exists"
    leaving = (
        "mutation ($id: UUID!, $school: UUID!)"
        " { leaveNetwork(networkId: $id, schoolId: $school) { validTo } }"
    )
    ids = {"id": network_id, "school": new["schoolId"]}
    refused = await client.graphql(city.school_admin, leaving, ids)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    left = await client.graphql(city.county_admin, leaving, ids)
    assert left["data"]["leaveNetwork"]["validTo"] is not None
    listing = (
        "query ($id: UUID!, $day: Date, $known: Date)"
        " { networkMembers(networkId: $id, asOf: $day, knownOn: $known) { nodes { name } } }"
    )
    for times, names in (
        ({}, []),
        ({"day": "2026-10-01"}, [{"name": "甲县第一小学"}]),
        ({"day": "2026-10-01", "known": "2026-10-01"}, []),
    ):
        listed = await client.graphql(city.county_admin, listing, {"id": network_id, **times})
        assert listed["data"]["networkMembers"]["nodes"] == names
