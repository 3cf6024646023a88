import asyncio
import time
from base64 import b64encode
from typing import Any

import asyncpg
import httpx2
import pytest

from app.database.pool import Pool
from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.administration import suspend_account
from app.domain.access.roles import Role
from app.main import open_resources
from app.request import Resources, now
from app.request.actors import RevokedToken, claims_of
from app.request.signing_in import REFUSED_AFTER
from app.security import passwords
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, Person, make_account, make_city

PASSWORD = "correct horse battery"
SECRET = "a client's secret"


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    secret = (await passwords.hash_password(PASSWORD)).encode()
    return await make_account(db, "signing.in", Role.SCHOOL_ADMIN, city.school, secret=secret)


@pytest.fixture
async def machine(db: Connection, city: City) -> Person:
    secret = passwords.hash_secret(SECRET)
    return await make_account(
        db, "machine", Role.INTEGRATION, city.city, kind="client", secret=secret
    )


async def ask(client: Client, grant_type: str, **fields: Any) -> httpx2.Response:
    headers = fields.pop("headers", {})
    return await client.http.post(
        "/oauth/token", data={"grant_type": grant_type, **fields}, headers=headers
    )


async def sign_in(client: Client, person: Person, password: str = PASSWORD) -> httpx2.Response:
    return await ask(client, "password", username=person.name, password=password)


def outcome(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_person_signs_in_and_is_known(client: Client, person: Person, city: City) -> None:
    answer = await sign_in(client, person)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (told["token_type"], told["expires_in"]) == ("bearer", 600)
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    profile = (await client.http.get("/api/v1/me", headers=headers)).json()
    assert profile["account_id"] == str(person.actor.account_id)
    assert [grant["subject_id"] for grant in profile["grants"]] == [str(city.school["id"])]


async def test_why_somebody_may_not_sign_in_is_not_told(
    client: Client, driver: asyncpg.Connection, person: Person, machine: Person
) -> None:
    answers = [
        await sign_in(client, person, "wrong"),
        await sign_in(client, person, PASSWORD.upper()),
        await sign_in(client, Person(actor=person.actor, name="nobody")),
        await ask(client, "password", username=machine.name, password=SECRET),
    ]
    await driver.execute("UPDATE account SET suspended_at = now()")
    answers.append(await sign_in(client, person))

    def told(answer: httpx2.Response) -> dict[str, Any]:
        return {name: value for name, value in answer.json().items() if name != "request_id"}

    assert {outcome(answer) for answer in answers} == {(400, "wrong_credentials")}
    assert all(told(answer) == told(answers[0]) for answer in answers)
    assert {answer.json()["error"] for answer in answers} == {"invalid_grant"}


async def test_why_an_application_is_not_known_is_not_told(
    client: Client, driver: asyncpg.Connection, person: Person, machine: Person
) -> None:
    own = "client_credentials"
    answers = [
        await ask(client, own, client_id=person.name, client_secret=PASSWORD),
        await ask(client, own, client_id=machine.name, client_secret="wrong"),
        await ask(client, own, client_id=machine.name),
        await ask(client, own, client_id="nobody", client_secret=SECRET),
        await ask(client, own, headers={"Authorization": "Basic nonsense"}),
    ]
    await driver.execute("UPDATE account SET suspended_at = now()")
    answers.append(await ask(client, own, client_id=machine.name, client_secret=SECRET))
    assert {outcome(answer) for answer in answers} == {(401, "wrong_client")}
    for answer in answers:
        assert answer.json()["error"] == "invalid_client"
        assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "changed",
    [{"scope": "unit:read something:else"}, {"grants": [["emperor", "unit", "", "", None, None]]}],
)
async def test_a_token_of_another_version_of_this_program_is_refused(
    client: Client, city: City, changed: dict[str, Any]
) -> None:
    """As while its processes are replaced one by one: the bearer signs in again, and it is no defect."""
    claims = claims_of(city.auditor.actor, security_version=1) | changed
    header = {"Authorization": f"Bearer {client.keyring.sign(claims)}"}
    answer = await client.http.get("/api/v1/me", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked_token")


async def test_the_time_of_a_refusal_does_not_tell_who_there_is(
    client: Client, person: Person, machine: Person
) -> None:
    """Not even where the database is asked more about an account that there is."""

    async def takes(name: str, password: str) -> float:
        form = {"grant_type": "password", "username": name, "password": password}
        begun = time.monotonic()
        answer = await client.http.post("/oauth/token", data=form)
        assert answer.json()["code"] == "wrong_credentials"
        return time.monotonic() - begun

    for name in (person.name, machine.name, "nobody.at.all"):
        for password in ("wrong", "x" * 256):
            assert await takes(name, password) >= REFUSED_AFTER


async def test_a_stranger_cannot_lock_an_application_out(client: Client, machine: Person) -> None:
    for _ in range(LOCKED_AFTER + 1):
        await ask(client, "client_credentials", client_id=machine.name, client_secret="wrong")
    answer = await ask(client, "client_credentials", client_id=machine.name, client_secret=SECRET)
    assert answer.status_code == 200


async def test_ten_wrong_passwords_lock_out_the_right_one(client: Client, person: Person) -> None:
    for _ in range(LOCKED_AFTER):
        assert outcome(await sign_in(client, person, "wrong")) == (400, "wrong_credentials")
    assert outcome(await sign_in(client, person)) == (400, "wrong_credentials")


async def test_nine_do_not(client: Client, person: Person) -> None:
    for _ in range(LOCKED_AFTER - 1):
        await sign_in(client, person, "wrong")
    assert (await sign_in(client, person)).status_code == 200
    await sign_in(client, person, "wrong")
    assert (await sign_in(client, person)).status_code == 200


async def test_a_machine_signs_in_by_form_or_by_header_and_gets_no_refresh_token(
    client: Client, machine: Person
) -> None:
    basic = b64encode(f"{machine.name}:{SECRET}".encode()).decode()
    for answer in (
        await ask(client, "client_credentials", client_id=machine.name, client_secret=SECRET),
        await ask(client, "client_credentials", headers={"Authorization": f"Basic {basic}"}),
    ):
        assert answer.status_code == 200, answer.text
        assert "refresh_token" not in answer.json()


async def test_a_refresh_token_is_good_for_one_use(client: Client, person: Person) -> None:
    first = (await sign_in(client, person)).json()["refresh_token"]
    second = (await ask(client, "refresh_token", refresh_token=first)).json()["refresh_token"]
    assert second != first
    assert outcome(await ask(client, "refresh_token", refresh_token=first)) == (
        400, "refresh_refused",
    )  # fmt: skip
    assert outcome(await ask(client, "refresh_token", refresh_token=second)) == (
        400, "refresh_refused",
    )  # fmt: skip


async def test_a_refresh_token_is_kept_by_its_hash_only(
    client: Client, driver: asyncpg.Connection, person: Person
) -> None:
    token = (await sign_in(client, person)).json()["refresh_token"]
    kept = await driver.fetchval("SELECT token_hash FROM refresh_token")
    assert kept == passwords.hash_secret(token)


async def test_a_renewed_token_carries_the_rights_of_now(
    client: Client, driver: asyncpg.Connection, person: Person
) -> None:
    token = (await sign_in(client, person)).json()["refresh_token"]
    await driver.execute(
        "UPDATE role_grant SET superseded_at = now() WHERE account_id = $1",
        person.actor.account_id,
    )
    access = (await ask(client, "refresh_token", refresh_token=token)).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}", "Accept-Language": "en"}
    assert (await client.http.get("/api/v1/me", headers=headers)).json()["grants"] == []
    refused = await client.http.get("/api/v1/teachers", headers=headers)
    assert outcome(refused) == (403, "not_allowed")
    assert refused.json()["details"] == {"permission": "teacher:read"}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"grant_type": "password", "username": "someone"}, "missing_credentials"),
        ({"grant_type": "refresh_token"}, "missing_credentials"),
        ({"grant_type": "client_credentials"}, "missing_credentials"),
        ({"grant_type": "authorization_code"}, "missing_credentials"),
        ({"grant_type": "implicit"}, "unknown_grant_type"),
        (
            {"grant_type": "password", "username": "x" * 61, "password": "hunter2"},
            "invalid_request",
        ),
        ({}, "invalid_request"),
    ],
)
async def test_what_cannot_be_meant(client: Client, sent: dict[str, str], code: str) -> None:
    answer = await client.http.post("/oauth/token", data=sent)
    assert outcome(answer) == (400, code)
    assert answer.headers["content-type"] == "application/json"
    assert "hunter2" not in answer.text
    assert "x" * 61 not in answer.text


async def test_what_tokens_cost_the_database(
    client: Client, pool: SharedPool, person: Person, machine: Person
) -> None:
    async def statements(grant_type: str, **fields: str) -> int:
        before = pool.statements
        answer = await ask(client, grant_type, **fields)
        assert answer.status_code == 200, answer.text
        return pool.statements - before

    credentials = {"client_id": machine.name, "client_secret": SECRET}
    assert await statements("client_credentials", **credentials) == 2
    signing_in = {"username": person.name, "password": PASSWORD}
    assert await statements("password", **signing_in) == 7
    token = (await sign_in(client, person)).json()["refresh_token"]
    assert await statements("refresh_token", refresh_token=token) == 6


async def test_the_keys_are_public_halves(client: Client) -> None:
    (key,) = (await client.http.get("/.well-known/jwks.json")).json()["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "use", "alg", "kid"}


async def refused_within(held: Resources, token: str, seconds: float) -> bool:
    for _ in range(round(seconds * 100)):
        try:
            held.tokens.read(token)
        except RevokedToken:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_every_process_hears_of_a_suspension(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    claims = claims_of(city.teacher_account.actor, security_version=1)
    others = claims_of(city.auditor.actor, security_version=1)
    async with open_resources(resources.settings) as running:
        token, other = running.keyring.sign(claims), running.keyring.sign(others)
        assert running.tokens.read(token) == city.teacher_account.actor
        # The process listens when it has seen that there is nothing to hear.
        await asyncio.sleep(0.2)
        async with real_pool.transaction() as db:
            account_id = city.teacher_account.actor.account_id
            await suspend_account(db, city.city_admin.actor, account_id=account_id, now=now())
        assert await refused_within(running, token, 5)
        async with open_resources(resources.settings) as started_later:
            assert await refused_within(started_later, token, 5)
            assert started_later.tokens.read(other) == city.auditor.actor
