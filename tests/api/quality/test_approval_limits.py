"""Limits of approval over REST."""

from tests.make import City, Client


async def test_a_limit_is_set_by_another(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/approval-limits"
    new = {
        "account_id": str(city.school_admin.actor.account_id), "up_to": "5000",
        "valid_from": "2026-01-01",
    }  # fmt: skip
    made = await client.post(city.county_admin, path, new)
    assert (made.status_code, made.json()["up_to"]) == (201, "5000.00")
    own = await client.post(city.school_admin, path, new)
    assert (own.status_code, own.json()["code"]) == (409, "approval_limit_of_oneself")
    query = f"/approval-limits?unit_id={city.school['id']}"
    assert (await client.get(city.auditor, query)).json()["items"] == [made.json()]
