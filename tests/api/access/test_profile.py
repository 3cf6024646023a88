from typing import Any

import asyncpg
import pytest

from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.roles import Role
from app.request import Resources
from app.security import passwords
from app.sql import Connection
from tests.make import City, Client, Person, make_account

OLD = "quartz lantern 07"
NEW = "velvet harbour 19"


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    secret = (await passwords.hash_password(OLD)).encode()
    return await make_account(db, "changing", Role.SCHOOL_ADMIN, city.school, secret=secret)


async def sign_in(client: Client, person: Person, password: str) -> dict[str, Any]:
    sent = {"grant_type": "password", "username": person.name, "password": password}
    told: dict[str, Any] = (await client.http.post("/oauth/token", data=sent)).json()
    return told


async def change(client: Client, person: Person | None, **sent: str) -> tuple[int, str | None]:
    answer = await client.post(person, "/me/password", {"old": OLD, "new": NEW} | sent)
    assert not any(value in answer.text for value in sent.values())
    return answer.status_code, answer.json().get("code")


async def test_everybody_sees_oneself(client: Client, city: City) -> None:
    for person in (city.teacher_account, city.integration, city.city_admin):
        answer = await client.get(person, "/me")
        assert answer.status_code == 200
        assert answer.json()["name"] == person.name
    assert (await client.get(None, "/me")).status_code == 401


async def test_a_new_password_replaces_the_old_and_ends_other_sign_ins(
    client: Client, person: Person, resources: Resources
) -> None:
    before = await sign_in(client, person, OLD)
    assert await change(client, person) == (200, None)
    assert (await sign_in(client, person, OLD))["code"] == "wrong_credentials"
    assert "access_token" in await sign_in(client, person, NEW)
    sent = {"grant_type": "refresh_token", "refresh_token": before["refresh_token"]}
    renewed = await client.http.post("/oauth/token", data=sent)
    assert renewed.json()["code"] == "refresh_refused"
    account_id = person.actor.account_id
    resources.actors.learn({account_id: 2})
    resources.tokens.forget(str(account_id))
    assert (await client.get(person, "/me")).json()["code"] == "revoked_token"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"old": "not the old one"}, "wrong_password"),
        ({"new": "too short"}, "invalid_request"),
        ({"new": OLD}, "password_unfit"),
        ({"surprise": "unknown-value"}, "invalid_request"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(
    client: Client, driver: asyncpg.Connection, person: Person, sent: dict[str, str], code: str
) -> None:
    question = "SELECT secret, security_version FROM account WHERE id = $1"
    before = await driver.fetchrow(question, person.actor.account_id)
    assert await change(client, person, **sent) == (422, code)
    assert await driver.fetchrow(question, person.actor.account_id) == before


async def test_guessing_the_old_password_locks_the_account(client: Client, person: Person) -> None:
    for _ in range(LOCKED_AFTER):
        assert await change(client, person, old="a wrong guess") == (422, "wrong_password")
    assert await change(client, person) == (422, "wrong_password")
    assert (await sign_in(client, person, OLD))["code"] == "wrong_credentials"


async def test_ones_name_is_no_password(client: Client, person: Person) -> None:
    assert len(person.name) >= 10
    answer = await client.post(person, "/me/password", {"old": OLD, "new": person.name.upper()})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_unfit")


async def test_a_machine_has_no_password(client: Client, db: Connection, city: City) -> None:
    secret = passwords.hash_secret(OLD)
    machine = await make_account(
        db, "machine", Role.INTEGRATION, city.city, kind="client", secret=secret
    )
    assert await change(client, machine) == (422, "wrong_password")


async def test_nobody_changes_nothing(client: Client) -> None:
    assert await change(client, None) == (401, "unauthenticated")
