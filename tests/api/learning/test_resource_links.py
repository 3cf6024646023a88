from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_resources import make_resource


async def test_an_activity_uses_a_resource(client: Client, city: City, db: Connection) -> None:
    resource = await make_resource(db, city.teacher_account)
    activity = await make_activity(db, city.school, city.school_admin)
    address, new = f"/resources/{resource['id']}/links", {"activity_id": str(activity["id"])}
    linked = await client.post(city.school_admin, address, new)
    assert linked.status_code == 201, linked.text
    again = await client.post(city.school_admin, address, new)
    assert (again.status_code, again.json()["code"]) == (409, "resource_link_exists")
    listed = await client.get(
        city.colleague_account, f"/resource-links?activity_id={activity['id']}&shared=true"
    )
    assert listed.json()["items"] == [linked.json()]
    removed = await client.request(
        city.school_admin, "DELETE", f"/resource-links/{linked.json()['id']}"
    )
    assert removed.json() == linked.json()
