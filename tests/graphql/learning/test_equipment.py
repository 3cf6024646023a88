from tests.make import City, Client


async def test_equipment_is_recorded_and_summed(client: Client, city: City) -> None:
    one = {"id": str(city.school["id"])}
    done = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { recordEquipment(unitId: $id, new: {kind: MEDIA_ROOM, number: 3,"
        ' countedOn: "2026-09-01"}) { number unit { name } } }',
        one,
    )
    assert done["data"]["recordEquipment"] == {"number": 3, "unit": {"name": "甲县第一小学"}}
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { equipment { nodes { kind } }"
        " equipmentTotals(unitId: $id) { kind number units } }",
        one,
    )
    assert read["data"] == {
        "equipment": {"nodes": [{"kind": "MEDIA_ROOM"}]},
        "equipmentTotals": [{"kind": "MEDIA_ROOM", "number": 3, "units": 1}],
    }
