from app.sql import Connection
from tests.make import City, Client, make_activity
from tests.make_places import make_partnership


async def test_a_joint_organiser(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key = {"id": str(activity["id"])}
    invite = (
        "mutation ($id: UUID!, $new: Invitation!) { invitePartner(activityId: $id,"
        " invitation: $new) { id state } }"
    )
    new = {"unitId": str(city.sibling["id"])}
    invited = await client.graphql(city.school_admin, invite, key | {"new": new})
    assert invited["data"]["invitePartner"]["state"] == "INVITED"
    listed = await client.graphql(
        city.sibling_admin, "{ partnerships(state: INVITED) { nodes { id activityId } } }"
    )
    (found,) = listed["data"]["partnerships"]["nodes"]
    assert found["activityId"] == key["id"]
    accepted = await client.graphql(
        city.sibling_admin,
        "mutation ($id: UUID!) { acceptPartnership(partnershipId: $id, acceptance: {}) { state } }",
        {"id": await partnership_of(client, city, key)},
    )
    assert accepted["data"]["acceptPartnership"] == {"state": "ACCEPTED"}
    ended = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!, $unit: UUID!) { endPartnership(activityId: $id, unitId: $unit)"
        " { state } }",
        key | {"unit": new["unitId"]},
    )
    assert ended["data"]["endPartnership"] == {"state": "ENDED"}


async def test_declining(client: Client, db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    row = await make_partnership(db, activity, city.sibling, city.school_admin)
    declined = await client.graphql(
        city.sibling_admin,
        "mutation ($id: UUID!) { declinePartnership(partnershipId: $id,"
        ' refusal: {opinion: "人手不足"}) { state opinion } }',
        {"id": str(row["id"])},
    )
    assert declined["data"]["declinePartnership"] == {"state": "DECLINED", "opinion": "人手不足"}


async def partnership_of(client: Client, city: City, key: dict[str, str]) -> str:
    """The key of the only partnership of an activity, as REST shows it."""
    found = await client.get(city.school_admin, f"/activities/{key['id']}/partners")
    return str(found.json()[0]["id"])
