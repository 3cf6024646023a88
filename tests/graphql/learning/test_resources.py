from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_resources import make_resource


async def mutate(client: Client, person: Any, field: str, resource: str, shown: str) -> Any:
    answer = await client.graphql(
        person, f"mutation ($id: UUID!) {{ {field} {{ {shown} }} }}", {"id": resource}
    )
    return answer["data"][field.partition("(")[0]]


def steps_of(city: City) -> list[tuple[Any, str, str, dict[str, Any]]]:
    """Who does what with a resource, and what is answered."""
    return [
    (
        city.teacher_account, 'updateResource(resourceId: $id, changes: {title: "名著"})',
        "title", {"title": "名著"},
    ),
    (
        city.teacher_account, 'addResourceVersion(resourceId: $id, new: {shelf: "一排"})',
        "version", {"version": 2},
    ),
    (
        city.teacher_account, "askResourceSharing(resourceId: $id, new: {sharing: COUNTY})",
        "askedSharing", {"askedSharing": "COUNTY"},
    ),
    (
        city.county_admin,
        'decideResourceSharing(resourceId: $id, decision: {agreed: true, opinion: "同意"})',
        "sharing", {"sharing": "COUNTY"},
    ),
    (
        city.sibling_teacher_account, "useResource(resourceId: $id)", "shelf version",
        {"shelf": "一排", "version": 2},
    ),
    ]  # fmt: skip


async def test_a_resource_from_its_first_version_to_its_end(client: Client, city: City) -> None:
    made = await client.graphql(
        city.teacher_account,
        "mutation ($new: NewResource!) { createResource(new: $new) { id unit { name }"
        " teacher { name } versions { nodes { number } } links { nodes { title } } } }",
        {
            "new": {
                "title": "阅读课例", "kind": "ELECTRONIC", "licence": "TEACHING",
                "link": "https://ziyuan.example.edu.cn/1",
            }
        },
    )  # fmt: skip
    resource = made["data"]["createResource"]
    assert (resource["unit"], resource["teacher"]) == (
        {"name": "甲县第一小学"}, {"name": "测试甲"},
    )  # fmt: skip
    assert resource["versions"]["nodes"] == [{"number": 1}]
    one = resource["id"]
    for person, field, shown, wanted in steps_of(city):
        assert await mutate(client, person, field, one, shown) == wanted
    read = await client.graphql(
        city.sibling_teacher_account,
        "query ($id: UUID!) { resource(id: $id) { title uses } sharedResources { nodes { id } }"
        " resourceVersions(resourceId: $id) { nodes { number } }"
        ' searchResources(q: "著", first: 5) { title } }',
        {"id": one},
    )
    assert read["data"] == {
        "resource": {"title": "名著", "uses": 1},
        "sharedResources": {"nodes": [{"id": one}]},
        "resourceVersions": {"nodes": [{"number": 1}, {"number": 2}]},
        "searchResources": [{"title": "名著"}],
    }
    retired = await mutate(
        client, city.teacher_account, "retireResource(resourceId: $id)", one, "retiredOn"
    )
    assert retired["retiredOn"]


async def test_resources_are_listed(client: Client, city: City, db: Connection) -> None:
    await make_resource(db, city.teacher_account)
    found = await client.graphql(
        city.school_admin, "{ resources(kind: ELECTRONIC, asked: false) { nodes { sharing } } }"
    )
    assert found["data"]["resources"]["nodes"] == [{"sharing": "SCHOOL"}]
