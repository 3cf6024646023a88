from typing import Any

import asyncpg
import httpx2
import pytest

from app.security import passwords
from tests.make import City, Client, Person


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


async def sign_in(client: Client, name: str, password: str) -> httpx2.Response:
    sent = {"grant_type": "password", "username": name, "password": password}
    return await client.http.post("/oauth/token", data=sent)


async def opened(client: Client, city: City) -> tuple[Person, str, str]:
    """An account that was just opened, signed in with its first password; that, and its key."""
    made = (await client.post(city.county_admin, "/accounts", new_account(city))).json()
    token = (await sign_in(client, "new.admin", made["secret"])).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return Person(city.school_admin.actor, "new.admin", headers), made["secret"], made["id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/units"),
        ("GET", "/accounts"),
        ("GET", "/teachers"),
        ("GET", "/activities"),
        ("GET", "/audit/acts"),
        ("GET", "/units/01890000-0000-7000-8000-000000000000"),
        ("POST", "/grants/{grant}/revoke"),
    ],
)
async def test_with_a_first_password_nothing_else_is_done(
    client: Client, driver: asyncpg.Connection, city: City, method: str, path: str
) -> None:
    person, _, account_id = await opened(client, city)
    grant = await driver.fetchval("SELECT id FROM role_grant WHERE account_id = $1", account_id)
    answer = await client.request(person, method, path.format(grant=grant))
    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_due")
    profile = (await client.get(person, "/me")).json()
    assert (profile["must_change_password"], profile["grants"]) == (True, [])


async def test_a_first_password_is_changed_and_then_all_is_as_granted(
    client: Client, city: City
) -> None:
    person, first, account_id = await opened(client, city)
    change = {"old": first, "new": "自己选的密码，别人没有见过"}
    assert (await client.post(person, "/me/password", change)).status_code == 200
    assert (await sign_in(client, "new.admin", first)).json()["code"] == "wrong_credentials"
    token = (await sign_in(client, "new.admin", change["new"])).json()["access_token"]
    person.headers = {"Authorization": f"Bearer {token}"}
    profile = (await client.get(person, "/me")).json()
    assert profile["must_change_password"] is False
    assert [each["role"] for each in profile["grants"]] == ["school_admin"]
    assert (await client.get(person, "/teachers")).status_code == 200
    shown = (await client.get(city.county_admin, f"/accounts/{account_id}")).json()
    assert shown["first_password_until"] is None


async def test_a_first_password_runs_out_also_for_whoever_stayed_signed_in(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    made = (await client.post(city.county_admin, "/accounts", new_account(city))).json()
    tokens = (await sign_in(client, "new.admin", made["secret"])).json()
    over = "UPDATE account SET first_password_until = now() WHERE id = $1"
    await driver.execute(over, made["id"])
    refused = await sign_in(client, "new.admin", made["secret"])
    assert (refused.status_code, refused.json()["code"]) == (400, "wrong_credentials")
    sent = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    renewed = await client.http.post("/oauth/token", data=sent)
    assert (renewed.status_code, renewed.json()["code"]) == (400, "refresh_refused")


async def test_a_superior_gives_another_password_that_is_shown_once(
    client: Client, driver: asyncpg.Connection, city: City
) -> None:
    account_id = city.school_admin.actor.account_id
    path = f"/accounts/{account_id}/reset-password"
    assert (await client.post(city.sibling_admin, path)).status_code == 404
    assert (await client.post(city.auditor, path)).status_code == 403
    own = await client.post(city.school_admin, path)
    assert (own.status_code, own.json()["code"]) == (409, "password_not_reset")
    done = await client.post(city.county_admin, path)
    assert (done.status_code, done.headers["cache-control"]) == (200, "no-store")
    kept = await driver.fetchval("SELECT secret FROM account WHERE id = $1", account_id)
    assert done.json()["secret"].encode() not in kept
    signed_in = await sign_in(client, city.school_admin.name, done.json()["secret"])
    person = Person(
        city.school_admin.actor, "", {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    )
    assert (await client.get(person, "/me")).json()["must_change_password"] is True
    trail = await driver.fetchrow(
        "SELECT account_id, target_id FROM audit_act WHERE operation = 'reset_password'"
        " AND refusal IS NULL"
    )
    assert tuple(trail) == (city.county_admin.actor.account_id, account_id)
