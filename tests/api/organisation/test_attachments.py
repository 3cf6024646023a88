from tests.make import City, Client


async def test_a_campus_is_attached_and_set_free(client: Client, city: City) -> None:
    path = f"/units/{city.sibling['id']}/attachments"
    new = {"head_id": str(city.school["id"]), "kind": "campus", "valid_from": "2024-09-01"}
    made = await client.post(city.county_admin, path, new)
    assert made.status_code == 201, made.text
    listed = await client.get(city.county_admin, f"/attachments?head_id={city.school['id']}")
    assert listed.json()["items"] == [made.json()]
    circle = {"head_id": str(city.sibling["id"]), "kind": "campus"}
    refused = await client.post(
        city.county_admin, f"/units/{city.school['id']}/attachments", circle
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "attachment_circle")
    ended = await client.post(
        city.county_admin, f"/attachments/{made.json()['id']}/end", {"on": "2025-09-01"}
    )
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2025-09-01")
    for day, number in (("2025-08-31", 1), ("2025-09-01", 0)):
        found = await client.get(city.county_admin, f"/attachments?as_of={day}")
        assert len(found.json()["items"]) == number
