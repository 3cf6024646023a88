"""Mentoring policies over REST."""

from tests.make import City, Client

NEW = {
    "cycle_years": 5, "source": "带教办法第三条", "ranks": [{"rank": "senior", "least": 2}],
    "probation": [{"name": "校内带教", "amount": "0.5", "measure": "学年"}],
}  # fmt: skip


async def test_a_city_sets_its_policy(client: Client, city: City) -> None:
    none = await client.get(city.school_admin, f"/units/{city.school['id']}/mentoring-policy")
    assert (none.status_code, none.json()["code"]) == (404, "mentoring_policy_not_found")
    made = await client.post(city.city_admin, f"/units/{city.city['id']}/mentoring-policy", NEW)
    assert (made.status_code, made.json()["ranks"][0]["most"]) == (201, None)
    seen = await client.get(city.school_admin, f"/units/{city.school['id']}/mentoring-policy")
    assert seen.json() == made.json()
    county = await client.post(
        city.county_admin, f"/units/{city.county['id']}/mentoring-policy", NEW
    )
    assert (county.status_code, county.json()["code"]) == (422, "mentoring_policy_of_city")
