from tests.conftest import SharedPool
from tests.make import City, Client


async def test_edges_lead_from_the_city_down_and_back(client: Client, city: City) -> None:
    answer = await client.graphql(
        city.city_admin,
        """
        query ($id: UUID!) {
          unit(id: $id) {
            name level
            counties { name schools { name parent { name }
              teachers(first: 20) { nodes { name school { name } } }
            } }
            schools { name }
          }
        }
        """,
        {"id": str(city.city["id"])},
    )
    assert "errors" not in answer, answer
    unit = answer["data"]["unit"]
    assert (unit["name"], unit["level"]) == ("测试市", "CITY")
    by_name = {county["name"]: county for county in unit["counties"]}
    first = by_name["甲县"]["schools"][0]
    assert first["name"] == "甲县第一小学"
    assert first["parent"] == {"name": "甲县"}
    assert [teacher["name"] for teacher in first["teachers"]["nodes"]] == ["测试乙", "测试甲"]
    assert unit["schools"] == [{"name": "市直第一中学"}]


async def test_each_level_is_one_statement(client: Client, city: City, pool: SharedPool) -> None:
    before = pool.statements
    answer = await client.graphql(
        city.city_admin,
        "query ($id: UUID!) { unit(id: $id) { counties { schools { teachers { nodes { name } } } } } }",
        {"id": str(city.city["id"])},
    )
    assert "errors" not in answer
    assert pool.statements - before == 4


async def test_a_refusal_has_the_code_of_rest(client: Client, city: City) -> None:
    answer = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { unit(id: $id) { name } }",
        {"id": str(city.sibling["id"])},
    )
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "unit_not_found"


async def test_a_mutation_answers_with_its_edges(client: Client, city: City) -> None:
    new = {
        "name": "甲县第三小学",
        "level": "SCHOOL",
        "stages": ["PRIMARY"],
        "parentId": str(city.county["id"]),
    }
    query = "mutation ($new: NewUnit!) { createUnit(new: $new) { name stages parent { name } } }"
    answer = await client.graphql(city.county_admin, query, {"new": new})
    assert answer["data"]["createUnit"] == {
        "name": "甲县第三小学",
        "stages": ["PRIMARY"],
        "parent": {"name": "甲县"},
    }


async def test_invalid_input_is_told_by_field(client: Client, city: City) -> None:
    new = {"name": "x", "level": "SCHOOL", "stages": [], "parentId": str(city.county["id"])}
    query = "mutation ($new: NewUnit!) { createUnit(new: $new) { name } }"
    answer = await client.graphql(city.county_admin, query, {"new": new})
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "invalid_request"
    assert error["extensions"]["errors"][0]["code"] == "string_too_short"


async def test_a_school_is_changed(client: Client, city: City) -> None:
    query = (
        "mutation ($id: UUID!, $changes: UnitChanges!) { updateUnit(unitId: $id, changes: $changes)"
        " { location locationCode stages } }"
    )
    variables = {"id": str(city.school["id"]), "changes": {"locationCode": "112"}}
    answer = await client.graphql(city.county_admin, query, variables)
    assert answer["data"]["updateUnit"] == {
        "location": "URBAN", "locationCode": "112", "stages": ["PRIMARY"],
    }  # fmt: skip
    found = await client.graphql(city.city_admin, "{ units(location: URBAN) { nodes { name } } }")
    assert found["data"]["units"]["nodes"] == [{"name": "甲县第一小学"}]
