from tests.make import City, Client


async def test_a_system_is_registered_and_knows_a_school(client: Client, city: City) -> None:
    made = await client.graphql(
        city.city_admin,
        'mutation ($id: UUID!) { registerNeighbourSystem(new: {unitId: $id, name: "教育专网",'
        ' kind: EDUCATION_NETWORK, operatedBy: "省教育厅",'
        ' link: "https://zhuanwang.example.edu.cn"}) { id unit { name } } }',
        {"id": str(city.city["id"])},
    )
    system = made["data"]["registerNeighbourSystem"]
    assert system["unit"] == {"name": "测试市"}
    known = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $system: UUID!) { recordSystemIdentifier(unitId: $id,"
        ' new: {systemId: $system, identifier: "430600"}) { identifier unit { name } } }',
        {"id": str(city.school["id"]), "system": system["id"]},
    )
    assert known["data"]["recordSystemIdentifier"] == {
        "identifier": "430600", "unit": {"name": "甲县第一小学"},
    }  # fmt: skip
    read = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { neighbourSystem(id: $id) { name } neighbourSystems { nodes { name } }"
        " systemIdentifiers { nodes { neighbourSystem { name } } } }",
        {"id": system["id"]},
    )
    named = {"name": "教育专网"}
    assert read["data"]["neighbourSystem"] == named
    assert read["data"]["neighbourSystems"]["nodes"] == [named]
    assert read["data"]["systemIdentifiers"]["nodes"] == [{"neighbourSystem": named}]
