from typing import Any

import asyncpg
import pytest

from app.sql import Connection, Row
from tests.make import City, Client
from tests.oauth import SECRET, make_client

NEW = {
    "name": "listening.book",
    "display_name": "听课本",
    "organisation": "示例科技公司",
    "purpose": "记录听课",
    "filing_number": "教APP备0000000号",
    "agreement_number": "2026-01",
    "agreement_ends": "2027-09-01",
    "valid_to": "2027-09-01",
    "scopes": ["teacher:read"],
    "flows": ["authorization_code", "client_credentials"],
    "redirect_uris": ["https://app.example/back"],
    "origins": ["https://app.example"],
}


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


async def own_token(client: Client, name: str, secret: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    return (await client.http.post("/oauth/token", data=form)).status_code


async def test_the_secret_is_shown_once_and_works(
    client: Client, city: City, driver: asyncpg.Connection
) -> None:
    answer = await client.post(city.city_admin, "/clients", NEW | {"unit_id": str(city.city["id"])})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert {name: told[name] for name in NEW} == NEW
    assert await own_token(client, told["name"], told["secret"]) == 200
    assert await own_token(client, told["name"], told["secret"][:-1]) == 401
    read = await client.get(city.auditor, f"/clients/{told['id']}")
    assert read.json() == {name: value for name, value in told.items() if name != "secret"}
    assert answer.headers["location"] == f"/api/v1/clients/{told['id']}"
    stored = await driver.fetchval("SELECT secret FROM account WHERE name = $1", told["name"])
    assert told["secret"].encode() not in stored


async def test_a_public_application_has_no_secret(client: Client, city: City) -> None:
    public = {"kind": "public", "flows": ["device_code"], "unit_id": str(city.city["id"])}
    answer = await client.post(city.city_admin, "/clients", NEW | public)
    assert (answer.status_code, answer.json()["secret"]) == (201, None)
    refused = await client.post(city.city_admin, f"/clients/{answer.json()['id']}/rotate-secret")
    assert (refused.status_code, refused.json()["code"]) == (409, "client_is_public")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"redirect_uris": []}, "redirect_missing"),
        ({"scopes": ["account:write"]}, "scope_never_given"),
        ({"scopes": ["nonsense"]}, "invalid_request"),
        ({"redirect_uris": ["http://app.example/back"]}, "invalid_request"),
        ({"origins": ["https://app.example/path"]}, "invalid_request"),
        ({"kind": "public"}, "public_client_alone"),
        ({"surprise": 1}, "invalid_request"),
    ],
)
async def test_what_is_not_registered(
    client: Client, city: City, driver: asyncpg.Connection, more: dict[str, Any], code: str
) -> None:
    sent = NEW | {"unit_id": str(city.city["id"])} | more
    answer = await client.post(city.city_admin, "/clients", sent)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await driver.fetchval("SELECT count(*) FROM client") == 0


async def test_secrets_overlap_when_they_are_replaced(client: Client, city: City, app: Row) -> None:
    answer = await client.post(city.city_admin, f"/clients/{app['id']}/rotate-secret")
    second = answer.json()["secret"]
    assert [await own_token(client, app["name"], each) for each in (SECRET, second)] == [200, 200]
    answer = await client.post(city.city_admin, f"/clients/{app['id']}/rotate-secret")
    third = answer.json()["secret"]
    assert [await own_token(client, app["name"], each) for each in (SECRET, second, third)] == [
        401, 200, 200,
    ]  # fmt: skip


async def test_the_kill_switch_and_back(client: Client, city: City, app: Row) -> None:
    path = f"/clients/{app['id']}"
    suspended = await client.post(city.city_admin, f"{path}/suspend")
    assert suspended.json()["suspended_at"] is not None
    assert await own_token(client, app["name"], SECRET) == 401
    assert (await client.post(city.city_admin, f"{path}/restore")).json()["suspended_at"] is None
    assert await own_token(client, app["name"], SECRET) == 200


async def test_a_change_is_made_only_to_what_was_read(client: Client, city: City, app: Row) -> None:
    path = f"/clients/{app['id']}"
    tag = (await client.get(city.city_admin, path)).headers["etag"]
    change = {"json": {"purpose": "另一用途"}, "headers": {"If-Match": tag}}
    answer = await client.request(city.city_admin, "PATCH", path, **change)
    assert (answer.status_code, answer.json()["purpose"]) == (200, "另一用途")
    again = await client.request(city.city_admin, "PATCH", path, **change)
    assert (again.status_code, again.json()["code"]) == (412, "changed_meanwhile")


async def test_the_register_is_listed(client: Client, city: City, app: Row) -> None:
    page = (await client.get(city.auditor, "/clients?kind=confidential&fields=name")).json()
    assert page == {"items": [{"name": app["name"]}], "next": None}
    assert (await client.get(city.auditor, "/clients?kind=public")).json()["items"] == []
    refused = await client.get(city.county_admin, "/clients")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
