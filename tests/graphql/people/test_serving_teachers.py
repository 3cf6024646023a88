from app.domain.people.facts.engagement import PLACE
from app.sql import Connection
from tests.make import City, Client, make_fact


async def test_the_serving_school_sees_who_comes(
    client: Client, db: Connection, city: City
) -> None:
    await make_fact(db, city.teacher, PLACE, school_id=city.sibling["id"], kind="itinerant")
    document = """
    query ($id: UUID!) {
      servingTeachers(unitId: $id, kind: ITINERANT) { nodes { name homeSchoolId } }
    }
    """
    unit = {"id": str(city.sibling["id"])}
    answer = await client.graphql(city.sibling_admin, document, unit)
    assert answer["data"]["servingTeachers"]["nodes"] == [
        {"name": "测试甲", "homeSchoolId": str(city.school["id"])}
    ]
    foreign = await client.graphql(city.school_admin, document, unit)
    assert foreign["errors"][0]["extensions"]["code"] == "unit_not_found"
