"""Fair access over GraphQL."""

from tests.make import City, Client

ASK = (
    "query ($id: UUID!) { fairAccess(unitId: $id) { school asked unplaced }"
    " unplacedTeachers(unitId: $id) { totalCount edges { node { name } } } }"
)


async def test_figures_and_people_are_asked_for_a_unit(client: Client, city: City) -> None:
    told = await client.graphql(city.county_admin, ASK, {"id": str(city.county["id"])})
    assert {row["school"] for row in told["data"]["fairAccess"]} == {"甲县第一小学", "甲县第二小学"}
    assert told["data"]["unplacedTeachers"] == {"totalCount": 0, "edges": []}
    refused = await client.graphql(city.teacher_account, ASK, {"id": str(city.school["id"])})
    assert {each["extensions"]["code"] for each in refused["errors"]} == {"not_allowed"}
