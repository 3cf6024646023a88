"""Trainees over REST."""

from tests.make import City, Client


async def test_a_trainee_is_registered_and_masked(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.county["id"]), "name": "刘技师", "category": "technical",
        "employer": "县农业技术推广站", "id_kind": "passport", "id_number": "E12345678",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/trainees", new)
    assert (made.status_code, made.json()["id_number"]) == (201, "E******78"), made.text
    again = await client.post(city.county_admin, "/trainees", new)
    assert (again.status_code, again.json()["code"]) == (409, "trainee_exists")
    assert "E12345678" not in again.text
    alone = await client.post(city.county_admin, "/trainees", new | {"id_kind": None})
    assert (alone.status_code, alone.json()["code"]) == (422, "invalid_request")
    path = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(city.city_admin, path)).json() == made.json()
    hidden = await client.get(city.school_admin, path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "trainee_not_found")
    page = await client.get(city.county_admin, "/trainees?category=technical")
    assert page.json()["items"] == [made.json()]
