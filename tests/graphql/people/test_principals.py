from app.domain.people.facts.posts import POST
from app.sql import Connection
from tests.make import City, Client, make_fact


async def test_who_leads_the_schools_of_a_unit(client: Client, db: Connection, city: City) -> None:
    await make_fact(db, city.teacher, POST, post="principal", school_id=city.school["id"])
    document = """
    query ($id: UUID!, $day: Date) {
      principals(unitId: $id, asOf: $day) { nodes { name post schoolId } totalCount }
    }
    """
    county = {"id": str(city.county["id"])}
    answer = await client.graphql(city.county_admin, document, county)
    assert answer["data"]["principals"] == {
        "nodes": [{"name": "测试甲", "post": "PRINCIPAL", "schoolId": str(city.school["id"])}],
        "totalCount": 1,
    }
    before = await client.graphql(city.county_admin, document, county | {"day": "2020-08-31"})
    assert before["data"]["principals"] == {"nodes": [], "totalCount": 0}
    foreign = await client.graphql(city.other_county_admin, document, county)
    assert foreign["errors"][0]["extensions"]["code"] == "unit_not_found"
