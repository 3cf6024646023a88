"""`node(id)`: anything by its key, behind its own door."""

from typing import Any

import pytest

from app.sql import new_id
from tests.conftest import SharedPool
from tests.make import City, Client, Person

QUERY = """
query ($id: UUID!) {
  node(id: $id) {
    __typename
    ... on Unit { name schools { name } }
    ... on Teacher { name school { name } }
  }
}
"""


async def ask(client: Client, person: Person, row_id: Any) -> dict[str, Any]:
    return await client.graphql(person, QUERY, {"id": str(row_id)})


async def test_a_key_says_by_itself_what_it_is_of(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    unit = await ask(client, city.county_admin, city.county["id"])
    assert pool.statements - before == 3, "which table, the unit, its schools"
    assert unit["data"]["node"]["__typename"] == "Unit"
    assert [each["name"] for each in unit["data"]["node"]["schools"]] == [
        "甲县第一小学",
        "甲县第二小学",
    ]
    teacher = await ask(client, city.county_admin, city.teacher["id"])
    assert teacher["data"]["node"] == {
        "__typename": "Teacher",
        "name": "测试甲",
        "school": {"name": "甲县第一小学"},
    }


async def test_a_thing_is_guarded_by_its_own_door(client: Client, city: City) -> None:
    far = await ask(client, city.county_admin, city.far_teacher["id"])
    assert far["data"] is None
    assert far["errors"][0]["extensions"]["code"] == "teacher_not_found"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_key_of_nothing_is_not_found(language: str, client: Client, city: City) -> None:
    nothing = await client.http.post(
        "/graphql",
        json={"query": QUERY, "variables": {"id": str(new_id())}},
        headers=client.headers(city.city_admin, language),
    )
    error = nothing.json()["errors"][0]
    assert error["extensions"]["status"] == 404
    assert error["message"].isascii() == (language == "en")
