from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_an_activity_again(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    again = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { repeatActivity(activityId: $id,"
        ' repetition: {startsOn: "2027-03-01"}) { state startsOn sessions { startsAt } } }',
        {"id": str(activity["id"])},
    )
    found = again["data"]["repeatActivity"]
    assert (found["state"], found["startsOn"]) == ("DRAFT", "2027-03-01")
    assert [row["startsAt"][:10] for row in found["sessions"]] == ["2027-03-01"]
