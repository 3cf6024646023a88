"""Records that may be of one person, over GraphQL."""

from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_programmes import make_twins

FIND = "query ($id: UUID!) { duplicates(unitId: $id) { oneId otherId reasons } }"
DECLARE = """mutation ($id: UUID!, $new: NewDistinctPeople!) {
    declareDistinctPeople(teacherId: $id, new: $new) { reason }
}"""


async def test_candidates_until_they_are_settled(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    await make_twins(db, city, resources)
    asked = {"id": str(city.city["id"])}
    [found] = (await client.graphql(city.city_admin, FIND, asked))["data"]["duplicates"]
    assert found["reasons"] == ["NAME_AND_BIRTH"]
    new = {"otherId": found["otherId"], "reason": "系同名的两人"}
    said = await client.graphql(city.city_admin, DECLARE, {"id": found["oneId"], "new": new})
    assert said["data"]["declareDistinctPeople"] == {"reason": "系同名的两人"}
    assert (await client.graphql(city.city_admin, FIND, asked))["data"]["duplicates"] == []
    refused = await client.graphql(city.county_admin, FIND, asked)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
