from tests.make import City, Client


async def test_a_school_is_offered_its_groups(client: Client, city: City) -> None:
    variables = {"id": str(city.school["id"])}
    made = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { createDefaultGroups(unitId: $id) { name kind } }",
        variables,
    )
    assert made["data"]["createDefaultGroups"][0] == {"name": "一年级组", "kind": "GRADE"}
    told = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { groupDefaults(unitId: $id) { stage schools followed }"
        " schoolsWithoutDefaultGroup(stage: PRIMARY) { nodes { name } } }",
        {"id": str(city.county["id"])},
    )
    assert told["data"] == {
        "groupDefaults": [{"stage": "PRIMARY", "schools": 2, "followed": 1}],
        "schoolsWithoutDefaultGroup": {"nodes": [{"name": "甲县第二小学"}]},
    }
