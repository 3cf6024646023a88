from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_activity, make_group


async def test_a_group_is_set_up_and_answers_with_its_edges(client: Client, city: City) -> None:
    new = {"name": "语文教研组", "kind": "TEACHING_RESEARCH", "unitId": str(city.school["id"])}
    answer = await client.graphql(
        city.school_admin,
        "mutation ($new: NewGroup!) { createGroup(new: $new) { name kind unit { name } } }",
        {"new": new},
    )
    assert answer["data"]["createGroup"] == {
        "name": "语文教研组",
        "kind": "TEACHING_RESEARCH",
        "unit": {"name": "甲县第一小学"},
    }
    listed = await client.graphql(city.school_admin, "{ groups { nodes { name } } }")
    assert listed["data"]["groups"]["nodes"] == [{"name": "语文教研组"}]


async def test_from_the_unit_to_its_groups_and_on_each_level_is_one_statement(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    for name in ("甲组", "乙组"):
        group = await make_group(db, city.school, city.teacher, name=name)
        await make_activity(db, city.school, city.school_admin, group=group, title=f"{name}活动")
    before = pool.statements
    answer = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { unit(id: $id) { groups { nodes { name"
        " members { nodes { name } } activities { nodes { title sessions { ordinal } } } } } } }",
        {"id": str(city.school["id"])},
    )
    assert "errors" not in answer, answer
    assert answer["data"]["unit"]["groups"]["nodes"] == [
        {
            "name": name,
            "members": {"nodes": [{"name": "测试甲"}]},
            "activities": {"nodes": [{"title": f"{name}活动", "sessions": [{"ordinal": 1}]}]},
        }
        for name in ("乙组", "甲组")
    ]
    assert pool.statements - before == 5


async def test_a_refusal_has_the_code_of_rest(client: Client, db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    answer = await client.graphql(
        city.sibling_admin,
        "query ($id: UUID!) { group(id: $id) { name } }",
        {"id": str(group["id"])},
    )
    assert answer["errors"][0]["extensions"]["code"] == "group_not_found"
