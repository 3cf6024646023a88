from typing import Any

import asyncpg
import pytest

from app.security import passwords
from tests.make import City, Client


def new_account(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "name": "new.admin",
        "display_name": "新管理员",
        "role": "school_admin",
        "subject_id": str(city.school["id"]),
    } | changed


async def test_a_new_account_signs_in_with_the_secret_that_was_shown_once(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    made = await client.post(city.county_admin, "/accounts", new_account(city))
    assert made.status_code == 201, made.text
    secret = made.json().pop("secret")
    read = await client.http.get(
        made.headers["location"], headers=client.headers(city.county_admin)
    )
    assert read.json() == {name: each for name, each in made.json().items() if name != "secret"}
    kept = await driver.fetchval("SELECT secret FROM account WHERE name = 'new.admin'")
    assert secret.encode() not in kept
    sent = {"grant_type": "password", "username": "new.admin", "password": secret}
    assert (await client.http.post("/oauth/token", data=sent)).status_code == 200


async def test_a_client_gets_a_secret_of_its_kind(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    new = new_account(city, kind="client", role="integration", subject_id=str(city.city["id"]))
    made = (await client.post(city.city_admin, "/accounts", new)).json()
    kept = await driver.fetchval("SELECT secret FROM account WHERE name = 'new.admin'")
    assert kept == passwords.hash_secret(made["secret"])


@pytest.mark.parametrize(
    ("who", "changed", "status", "code"),
    [
        ("sibling_admin", {}, 404, "subject_not_found"),
        ("teacher_account", {}, 404, "subject_not_found"),
        ("auditor", {}, 403, "not_allowed"),
        ("school_admin", {"role": "county_admin"}, 403, "not_allowed"),
        ("school_admin", {"role": "teacher"}, 404, "subject_not_found"),
        ("school_admin", {"name": "TAKEN"}, 409, "account_name_taken"),
        ("school_admin", {"name": "No"}, 422, "invalid_request"),
        ("school_admin", {"kind": "client", "role": "teacher"}, 422, "invalid_request"),
        ("school_admin", {"secret": "of my own"}, 422, "invalid_request"),
        ("school_admin", {"display_name": "a\x00b"}, 422, "invalid_value"),
        (None, {}, 401, "unauthenticated"),
    ],
)
async def test_an_account_that_is_refused_is_not_there(
    client: Client, driver: asyncpg.Connection, city: City, who: str | None,
    changed: dict[str, Any], status: int, code: str,
) -> None:  # fmt: skip
    if changed.get("name") == "TAKEN":
        changed = {"name": city.other_county_admin.name}
    before = await driver.fetchval("SELECT count(*) FROM account")
    person = getattr(city, who) if who else None
    answer = await client.post(person, "/accounts", new_account(city, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await driver.fetchval("SELECT count(*) FROM account") == before


async def test_a_secret_is_not_kept_to_be_shown_again(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    headers = {"Idempotency-Key": "abcdefgh-1"}
    first = await client.post(city.county_admin, "/accounts", new_account(city), headers=headers)
    again = await client.post(city.county_admin, "/accounts", new_account(city), headers=headers)
    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "account_name_taken")
    assert await driver.fetchval("SELECT count(*) FROM idempotent_answer") == 0


async def test_accounts_are_listed_filtered_and_cut_to_fields(client: Client, city: City) -> None:
    path = f"/accounts?school_id={city.school['id']}&sort=-name&fields=name,kind"
    items = (await client.get(city.city_admin, path)).json()["items"]
    names = [item["name"].rpartition("-")[0] for item in items]
    assert names == ["teacher", "school.admin", "colleague"]
    assert all(item.keys() == {"name", "kind"} for item in items)
    secret = await client.get(city.city_admin, "/accounts?fields=name,secret")
    assert (secret.status_code, secret.json()["code"]) == (422, "unknown_field")
    by_secret = await client.get(city.city_admin, "/accounts?sort=secret")
    assert (by_secret.status_code, by_secret.json()["code"]) == (422, "unknown_sort")


async def test_suspending_and_restoring(client: Client, city: City) -> None:
    path = f"/accounts/{city.teacher_account.actor.account_id}"
    suspended = await client.post(city.school_admin, f"{path}/suspend")
    assert suspended.status_code == 200
    assert suspended.json()["suspended_at"] is not None
    assert (await client.get(city.county_admin, path)).json() == suspended.json()
    foreign = await client.post(city.sibling_admin, f"{path}/restore")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "account_not_found")
    restored = await client.post(city.school_admin, f"{path}/restore")
    assert restored.json()["suspended_at"] is None
