from app.domain.access.roles import Role
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import City, Client, make_account, make_activity
from tests.make_organisation import make_network


async def test_networks_come_change_and_go(client: Client, city: City) -> None:
    made = await client.graphql(
        city.city_admin,
        "mutation ($new: NewNetwork!) { createNetwork(new: $new) { id kind leadUnit { name } } }",
        {"new": {
            "unitId": str(city.city["id"]), "name": "联盟", "kind": "ALLIANCE",
            "leadUnitId": str(city.school["id"]),
        }},
    )  # fmt: skip
    network = made["data"]["createNetwork"]
    assert (network["kind"], network["leadUnit"]) == ("ALLIANCE", {"name": "甲县第一小学"})
    changed = await client.graphql(
        city.city_admin,
        "mutation ($id: UUID!, $changes: NetworkChanges!)"
        " { updateNetwork(networkId: $id, changes: $changes) { name leadUnit { name } } }",
        {"id": network["id"], "changes": {"name": "新联盟", "leadUnitId": None}},
    )
    assert changed["data"]["updateNetwork"] == {"name": "新联盟", "leadUnit": None}
    seen = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { network(id: $id) { name } }",
        {"id": network["id"]},
    )  # fmt: skip
    assert seen["data"]["network"] == {"name": "新联盟"}
    dissolving = "mutation ($id: UUID!) { dissolveNetwork(networkId: $id) { validTo } }"
    refused = await client.graphql(city.county_admin, dissolving, {"id": network["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    ended = await client.graphql(city.city_admin, dissolving, {"id": network["id"]})
    assert ended["data"]["dissolveNetwork"]["validTo"] is not None


async def test_networks_lead_to_schools_and_activities(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    network: Row = {}
    for name, schools in (("甲", [city.school, city.sibling]), ("乙", [city.sibling])):
        network = await make_network(db, city.county, *schools, name=name)
        await make_activity(db, city.county, city.county_admin, organiser_network_id=network["id"])
    before = pool.statements
    found = await client.graphql(
        city.county_admin,
        '{ networks(sort: "created") { nodes { name unit { name } members { name school { name } }'
        " activities { nodes { organiserNetwork { name } } } } } }",
    )
    assert pool.statements - before == 6
    assert found["data"]["networks"]["nodes"] == [
        {
            "name": name,
            "unit": {"name": "甲县"},
            "members": [{"name": each, "school": {"name": each}} for each in members],
            "activities": {"nodes": [{"organiserNetwork": {"name": name}}]},
        }
        for name, members in (("甲", ["甲县第一小学", "甲县第二小学"]), ("乙", ["甲县第二小学"]))
    ]
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, network)
    seen = await client.graphql(
        coordinator,
        "{ networks(first: 2) { nodes { name"
        " members { school { teachers(first: 2) { nodes { name } } } } } } }",
    )
    assert seen["data"]["networks"]["nodes"][-1] == {
        "name": "甲", "members": [{"school": None}, {"school": {"teachers": {"nodes": [{"name": "测试丙"}]}}}]
    }  # fmt: skip
