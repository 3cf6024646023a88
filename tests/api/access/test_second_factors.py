from dataclasses import replace
from typing import Any

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI

from app.domain.access.accounts import LOCKED_AFTER
from app.domain.access.roles import Role
from app.domain.access.second_factors import code_at, step_of
from app.request import Resources, now
from app.sql import Connection
from tests.make import City, Client, Person
from tests.oauth import PASSWORD, bearer, make_person


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


def code(secret: str, later: int = 0) -> str:
    """What an authenticator shows, or will show in the periods that follow."""
    return code_at(secret, step_of(now()) + later)


async def sign_in(client: Client, person: Person, **more: Any) -> httpx2.Response:
    sent = {"grant_type": "password", "username": person.name, "password": PASSWORD, **more}
    return await client.http.post("/oauth/token", data=sent)


def outcome(answer: httpx2.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def as_signed_in(client: Client, person: Person, path: str, **sent: Any) -> httpx2.Response:
    """Ask with a token of a sign-in of just now."""
    token = await sign_in(client, person, **sent.pop("proof", {}))
    assert token.status_code == 200, token.text
    return await client.http.post(f"/api/v1{path}", json=sent, headers=bearer(token))


async def guard(client: Client, person: Person) -> tuple[str, list[str]]:
    """Give somebody a second factor; its secret and its recovery codes."""
    path, proof = "/me/second-factor/enrol", {"password": PASSWORD}
    begun = await as_signed_in(client, person, path, **proof)
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    done = await as_signed_in(client, person, "/me/second-factor/confirm", code=code(secret))
    assert done.status_code == 200, done.text
    codes = done.json()["recovery_codes"]
    assert len(set(codes)) == 10
    return secret, codes


async def test_a_code_is_asked_for_once_there_is_an_authenticator(
    client: Client, person: Person
) -> None:
    secret, codes = await guard(client, person)
    assert outcome(await sign_in(client, person)) == (400, "second_factor_needed")
    assert (await sign_in(client, person)).json()["error"] == "invalid_grant"
    assert outcome(await sign_in(client, person, otp="")) == (400, "second_factor_needed")
    used = code(secret)
    assert outcome(await sign_in(client, person, otp=used)) == (400, "wrong_second_factor")
    fresh = code(secret, 1)
    assert outcome(await sign_in(client, person, otp=fresh)) == (200, None)
    assert outcome(await sign_in(client, person, otp=fresh)) == (400, "wrong_second_factor")
    for expected in ((200, None), (400, "wrong_second_factor")):
        assert outcome(await sign_in(client, person, otp=codes[3].upper())) == expected
    answer = await sign_in(client, person, otp=codes[4])
    me = (await client.http.get("/api/v1/me", headers=bearer(answer))).json()
    assert me["second_factor"]["recovery_codes_left"] == 8
    assert me["second_factor"]["since"] is not None
    assert me["must_enrol_second_factor"] is False


async def test_that_a_code_is_needed_is_told_with_the_right_password_alone(
    client: Client, person: Person
) -> None:
    secret, _ = await guard(client, person)
    for otp in ({}, {"otp": code(secret, 1)}):
        answer = await sign_in(client, person, password="wrong", **otp)
        assert outcome(answer) == (400, "wrong_credentials")
    assert outcome(await sign_in(client, person, otp=code(secret, 1))) == (200, None)


async def test_wrong_codes_count_like_wrong_passwords(
    client: Client, driver: asyncpg.Connection, person: Person
) -> None:
    secret, codes = await guard(client, person)
    for _ in range(LOCKED_AFTER - 1):
        assert outcome(await sign_in(client, person, otp="000000"))[1] == "wrong_second_factor"
    assert outcome(await sign_in(client, person, otp="another one"))[1] == "wrong_second_factor"
    for otp in (code(secret, 1), codes[0]):
        assert outcome(await sign_in(client, person, otp=otp)) == (400, "wrong_credentials")
    refused = await driver.fetchval(
        "SELECT count(*) FROM audit_act WHERE refusal = 'wrong_second_factor'"
    )
    assert refused == LOCKED_AFTER
    assert await driver.fetchval("SELECT count(*) FROM recovery_code WHERE used_at IS NULL") == 10


async def test_to_change_or_remove_it_takes_the_password_and_a_code(
    client: Client, person: Person
) -> None:
    secret, codes = await guard(client, person)
    token = await sign_in(client, person, otp=codes[0])

    async def ask(path: str, **sent: str) -> tuple[int, str | None]:
        answer = await client.http.post(
            f"/api/v1/me/second-factor/{path}", json=sent, headers=bearer(token)
        )
        assert PASSWORD not in answer.text
        return outcome(answer)

    for path in ("enrol", "remove"):
        assert await ask(path, password=PASSWORD) == (422, "second_factor_needed")
        assert await ask(path, password="wrong", code=codes[1]) == (422, "wrong_password")
        assert await ask(path, password=PASSWORD, code="000000") == (422, "wrong_second_factor")
        assert await ask(path, password=PASSWORD, surprise="x") == (422, "invalid_request")
    assert await ask("enrol", password=PASSWORD, code=code(secret, 1)) == (200, None)
    assert await ask("remove", password=PASSWORD, code=codes[1]) == (200, None)
    assert outcome(await sign_in(client, person)) == (200, None)


async def test_where_it_is_demanded_an_administrator_enrols_first(
    client: Client, application: FastAPI, db: Connection, city: City, person: Person
) -> None:
    held: Resources = application.state.resources
    demanding = held.settings.model_copy(update={"second_factor": "administrators"})
    application.state.resources = replace(held, settings=demanding)
    token = await sign_in(client, person)
    me = (await client.http.get("/api/v1/me", headers=bearer(token))).json()
    assert (me["must_enrol_second_factor"], me["grants"]) == (True, [])
    answer = await client.http.get("/api/v1/teachers", headers=bearer(token))
    assert outcome(answer) == (403, "second_factor_due")
    secret, codes = await guard(client, person)
    token = await sign_in(client, person, otp=code(secret, 1))
    assert (await client.http.get("/api/v1/teachers", headers=bearer(token))).status_code == 200
    proof = {"password": PASSWORD, "code": codes[0]}
    answer = await client.http.post(
        "/api/v1/me/second-factor/remove", json=proof, headers=bearer(token)
    )
    assert outcome(answer) == (409, "second_factor_required")
    auditor = await make_person(db, city.city, Role.AUDITOR)
    token = await sign_in(client, auditor)
    assert (await client.http.get("/api/v1/teachers", headers=bearer(token))).status_code == 200


async def test_a_token_is_renewed_without_a_code_and_the_limit_is_kept(
    client: Client, application: FastAPI, person: Person
) -> None:
    token = (await sign_in(client, person)).json()
    held: Resources = application.state.resources
    demanding = held.settings.model_copy(update={"second_factor": "administrators"})
    application.state.resources = replace(held, settings=demanding)
    sent = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    renewed = await client.http.post("/oauth/token", data=sent)
    me = (await client.http.get("/api/v1/me", headers=bearer(renewed))).json()
    assert me["must_enrol_second_factor"] is True


async def test_a_superior_takes_it_away(client: Client, person: Person, city: City) -> None:
    await guard(client, person)
    path = f"/accounts/{person.actor.account_id}/reset-second-factor"
    assert outcome(await client.post(city.auditor, path)) == (403, "not_allowed")
    assert outcome(await client.post(city.sibling_admin, path)) == (404, "account_not_found")
    answer = await client.post(city.county_admin, path)
    assert (answer.status_code, answer.json()["second_factor_since"]) == (200, None)
    assert outcome(await client.post(city.county_admin, path)) == (409, "second_factor_not_reset")
    assert outcome(await sign_in(client, person)) == (200, None)


async def test_what_is_kept_and_recorded_tells_no_secret(
    client: Client, driver: asyncpg.Connection, person: Person
) -> None:
    secret, codes = await guard(client, person)
    rows = await driver.fetch("SELECT before, after FROM audit_change")
    rows += await driver.fetch("SELECT * FROM second_factor")
    rows += await driver.fetch("SELECT * FROM recovery_code")
    told = str(rows)
    assert secret not in told
    assert not any(each in told for each in codes)
    done = await driver.fetch("SELECT operation FROM audit_act WHERE refusal IS NULL")
    assert {"enrol_second_factor", "confirm_second_factor"} <= {row[0] for row in done}
