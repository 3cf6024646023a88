from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_topics import make_studied


async def test_an_activity_belongs_to_a_topic_until_it_is_taken_out(
    client: Client, city: City, db: Connection
) -> None:
    topic = await make_studied(db, city.teacher_account, city.school_admin)
    activity = await make_activity(db, city.school, city.school_admin)
    address = f"/topics/{topic['id']}/activities"
    new = {"activity_id": str(activity["id"])}
    added = await client.post(city.school_admin, address, new)
    assert added.status_code == 201, added.text
    again = await client.post(city.school_admin, address, new)
    assert (again.status_code, again.json()["code"]) == (409, "topic_activity_exists")
    listed = await client.get(city.teacher_account, address)
    assert listed.json()["items"] == [added.json()]
    removed = await client.request(city.school_admin, "DELETE", f"{address}/{activity['id']}")
    assert removed.json() == added.json()
