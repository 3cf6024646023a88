"""`include=`: the edges of GraphQL in the answers of REST."""

import pytest

from app.domain.access.roles import Role
from tests.conftest import SharedPool
from tests.make import City, Client


async def test_a_list_includes_what_its_things_lead_to(client: Client, city: City) -> None:
    answer = await client.get(
        city.county_admin, "/teachers?include=school.parent,credit_entries&limit=2"
    )
    assert answer.status_code == 200, answer.text
    for teacher in answer.json()["items"]:
        assert teacher["school"]["id"] == teacher["school_id"]
        assert teacher["school"]["level"] == "school"
        assert teacher["school"]["parent"]["name"] == "甲县"
        assert teacher["credit_entries"] == []


async def test_a_single_thing_includes_as_well(client: Client, city: City) -> None:
    path = f"/units/{city.county['id']}"
    answer = (await client.get(city.county_admin, f"{path}?include=schools.teachers,parent")).json()
    assert [school["name"] for school in answer["schools"]] == ["甲县第一小学", "甲县第二小学"]
    names = [[teacher["name"] for teacher in school["teachers"]] for school in answer["schools"]]
    assert names == [["测试乙", "测试甲"], ["测试丙"]]
    plain = (await client.get(city.county_admin, path)).json()
    assert plain == {name: value for name, value in answer.items() if name in plain}
    assert answer.keys() - plain.keys() == {"schools", "parent"}


async def test_each_edge_and_level_is_one_statement(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    answer = await client.get(city.city_admin, "/teachers?include=school.parent,credit_entries")
    assert len(answer.json()["items"]) == 5
    assert pool.statements - before == 4


async def test_what_the_actor_may_not_see_is_not_included(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}?include=parent,teachers"
    answer = (await client.get(city.teacher_account, path)).json()
    assert answer["name"] == "甲县第一小学"
    seen = {teacher["id"] for teacher in answer["teachers"]}
    assert seen <= {str(city.teacher["id"])}
    assert city.teacher_account.actor.grants[0].role is Role.TEACHER


@pytest.mark.parametrize("name", ["colour", "school.colour", "school.parent.parent.parent"])
async def test_an_unknown_name_is_refused_with_what_there_is(
    name: str, client: Client, city: City
) -> None:
    answer = await client.get(city.county_admin, f"/teachers?include={name}")
    assert answer.status_code == 422
    if name.count(".") < 3:
        assert answer.json()["code"] == "unknown_inclusion"
        assert "school" in answer.json()["details"]["allowed"].split(", ")
    assert "colour" not in answer.text


async def test_too_much_is_refused(client: Client, city: City) -> None:
    path = "/units?include=schools.teachers.credit_entries"
    answer = await client.get(city.city_admin, path)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_included")
    assert answer.json()["details"]["limit"] == 10_000
