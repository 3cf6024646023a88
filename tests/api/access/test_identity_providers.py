from typing import Any

import asyncpg

from tests.make import City, Client

SECRET = "what we prove ourselves with"


def new(city: City, **more: Any) -> dict[str, Any]:
    return {
        "unit_id": str(city.city["id"]), "name": "省平台", "client_id": "yanxun",
        "issuer": "https://login.example", "secret": SECRET, **more,
    }  # fmt: skip


async def test_a_provider_is_registered_read_and_changed(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    answer = await client.post(city.city_admin, "/identity-providers", new(city))
    assert answer.status_code == 201, answer.text
    assert SECRET not in answer.text
    path = answer.headers["location"].removeprefix("/api/v1")
    read = await client.get(city.auditor, path)
    assert (read.status_code, read.json()) == (200, answer.json())
    listed = await client.get(city.auditor, "/identity-providers")
    assert listed.json()["items"] == [answer.json()]
    changed = await client.request(
        city.city_admin, "PATCH", path, json={"is_enabled": False},
        headers={"If-Match": answer.headers["etag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["is_enabled"]) == (200, False)
    stale = await client.request(
        city.city_admin, "PATCH", path, json={"name": "另一个"},
        headers={"If-Match": answer.headers["etag"]},
    )  # fmt: skip
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    recorded = str(await driver.fetch("SELECT before, after FROM audit_change"))
    assert "省平台" in recorded
    assert SECRET not in recorded


async def test_what_is_refused_repeats_no_secret_and_changes_nothing(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    await client.post(city.city_admin, "/identity-providers", new(city))
    for person, more, outcome in (
        (city.city_admin, {}, (409, "identity_provider_registered")),
        (
            city.city_admin,
            {"unit_id": str(city.county["id"])},
            (422, "identity_provider_not_citys"),
        ),
        (city.city_admin, {"issuer": "ftp://x"}, (422, "invalid_request")),
        (city.auditor, {}, (403, "not_allowed")),
        (city.county_admin, {}, (404, "subject_not_found")),
        (None, {}, (401, "unauthenticated")),
    ):
        answer = await client.post(person, "/identity-providers", new(city, **more))
        assert (answer.status_code, answer.json()["code"]) == outcome
        assert SECRET not in answer.text
    assert await driver.fetchval("SELECT count(*) FROM identity_provider") == 1
