from tests.make import City, Client


async def test_a_link_is_made_listed_and_revoked(client: Client, city: City) -> None:
    made = await client.graphql(
        city.teacher_account,
        "mutation { createCalendarLink(new: {about: OWN}) { id about path } }",
    )
    link = made["data"]["createCalendarLink"]
    assert link["about"] == "OWN"
    assert (await client.http.get(link["path"])).status_code == 200
    listed = await client.graphql(city.teacher_account, "{ calendarLinks { id } }")
    assert listed["data"]["calendarLinks"] == [{"id": link["id"]}]
    revoked = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { revokeCalendarLink(linkId: $id) { id } }",
        {"id": link["id"]},
    )
    assert revoked["data"]["revokeCalendarLink"] == {"id": link["id"]}
    assert (await client.http.get(link["path"])).status_code == 404
