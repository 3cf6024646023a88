"""Programmes over REST."""

from tests.make import City, Client

NEW = {
    "name": "双名工程", "kind": "masters_and_principals", "level": "city", "purpose": "培养名师名校长",
    "valid_from": "2026-09-01", "valid_to": "2029-09-01",
}  # fmt: skip


async def test_a_programme_is_set_up_and_found_below(client: Client, city: City) -> None:
    new = NEW | {"unit_id": str(city.city["id"])}
    made = await client.post(city.city_admin, "/programmes", new)
    assert made.status_code == 201, made.text
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.teacher_account, path)).json() == made.json()
    offered = await client.get(city.school_admin, "/programmes?offered=true&level=city")
    assert offered.json()["items"] == [made.json()]
    assert (await client.get(city.school_admin, "/programmes")).json()["items"] == []
    backwards = await client.post(city.city_admin, "/programmes", new | {"valid_to": "2026-01-01"})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "invalid_request")
    refused = await client.post(city.teacher_account, "/programmes", new)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
