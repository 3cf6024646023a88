from app.sql import Connection
from tests.domain.credits.making import attend, make_closed_activity, make_pack
from tests.make import City, Client

RECOGNISE = """
mutation ($id: UUID!) {
  recogniseActivity(activityId: $id) { entered alreadyEntered notQualified leftOut { code zh } }
}
"""


async def test_an_activity_is_recognised(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher])
    await attend(db, activity, [city.colleague], status="absent")
    given = {"id": str(activity["id"])}
    answer = await client.graphql(city.county_admin, RECOGNISE, given)
    assert answer["data"]["recogniseActivity"] == {
        "entered": 1,
        "alreadyEntered": 0,
        "notQualified": 1,
        "leftOut": [{"code": "absent", "zh": "未出席。"}],
    }
    again = await client.graphql(city.county_admin, RECOGNISE, given)
    assert again["data"]["recogniseActivity"]["entered"] == 0
    school = await client.graphql(city.school_admin, RECOGNISE, given)
    assert school["errors"][0]["extensions"]["code"] == "not_allowed"
