from app.sql import Connection
from tests.make import City, Client, make_activity


async def test_a_joint_organiser(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    path = f"/activities/{activity['id']}"
    body = {"unit_id": str(city.sibling["id"])}
    invited = await client.post(city.school_admin, f"{path}/partners", body)
    assert invited.status_code == 200, invited.text
    found = invited.json()
    assert (found["state"], found["unit_id"]) == ("invited", body["unit_id"])
    listed = await client.get(city.sibling_admin, "/partnerships?state=invited")
    assert listed.json()["items"] == [found]
    own = f"/partnerships/{found['id']}"
    accepted = await client.post(city.sibling_admin, f"{own}/accept", {"audience": []})
    assert accepted.json()["state"] == "accepted"
    again = await client.post(city.sibling_admin, f"{own}/decline", {"opinion": "人手不足"})
    assert (again.status_code, again.json()["code"]) == (409, "partnership_wrong_state")
    partners = await client.get(city.sibling_admin, f"{path}/partners")
    assert partners.json() == [accepted.json()]
    unfit = await client.post(
        city.school_admin, f"{path}/partners", {"unit_id": activity["id"].hex}
    )
    assert (unfit.status_code, unfit.json()["code"]) == (422, "partner_unfit")
    ended = await client.post(city.school_admin, f"{path}/partners/{body['unit_id']}/end")
    assert ended.json()["state"] == "ended"
    gone = await client.get(city.sibling_admin, path)
    assert (gone.status_code, gone.json()["code"]) == (404, "activity_not_found")
