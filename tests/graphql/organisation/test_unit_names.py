from tests.make import City, Client

RENAME = "mutation ($id: UUID!, $new: NewName!) { renameUnit(unitId: $id, new: $new) { name } }"


async def test_a_unit_is_renamed_and_told_by_all_its_names(client: Client, city: City) -> None:
    unit_id = str(city.school["id"])
    for name, day in (("甲县实验小学", "2024-09-01"), ("甲县外国语小学", "2025-09-01")):
        variables = {"id": unit_id, "new": {"name": name, "validFrom": day}}
        answer = await client.graphql(city.county_admin, RENAME, variables)
        assert answer["data"]["renameUnit"] == {"name": name}
    answer = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { unitNames(unitId: $id) { name validTo }"
        ' then: unit(id: $id, asOf: "2025-01-01") { name } unit(id: $id) { name } }',
        {"id": unit_id},
    )  # fmt: skip
    assert answer["data"] == {
        "unitNames": [
            {"name": "甲县实验小学", "validTo": "2025-09-01"},
            {"name": "甲县外国语小学", "validTo": None},
        ],
        "then": {"name": "甲县实验小学"},
        "unit": {"name": "甲县外国语小学"},
    }
