"""Signing in elsewhere, through our pages: with an identity provider in this process."""

import html
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI

from app.domain.access.second_factors import code_at, step_of
from app.openid.provider import IdentityProviders
from app.request import Resources, now
from app.sql import Connection, Row
from tests.identities import come_back, depart, guard, link, make_provider
from tests.make import City, Client, Person
from tests.oauth import (
    PASSWORD,
    bearer,
    decide,
    exchange,
    hidden_fields,
    make_client,
    make_person,
    open_page,
    request_of,
    told,
)
from tests.openid.a_provider import Provider


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    return await make_person(db, city.school)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def provider_id(
    http: httpx2.AsyncClient, application: FastAPI, db: Connection, city: City, provider: Provider
) -> UUID:
    """The provider, registered and asked through its own wire."""
    held: Resources = application.state.resources
    asked = IdentityProviders(transport=provider.transport())
    application.state.resources = replace(held, identity_providers=asked)
    return await make_provider(db, city, held.cipher, provider)


async def arrived(
    http: httpx2.AsyncClient, app: Row, provider: Provider, provider_id: UUID
) -> httpx2.Response:
    """The page after signing in there."""
    gone = await depart(http, app, provider_id)
    assert gone.status_code == 303, gone.text
    return await come_back(http, provider_id, provider.sign_in(gone.headers["location"]))


async def answer(
    http: httpx2.AsyncClient, page: httpx2.Response, decision: str = "allow", **typed: str
) -> httpx2.Response:
    """Decide on that page."""
    kept = {name: html.unescape(value) for name, value in hidden_fields(page.text).items()}
    return await decide(http, "/oauth/identities/decide", kept | typed | {"decision": decision})


def says(page: httpx2.Response) -> str:
    """What a page alerts to, or only says."""
    found = re.search(r'role="(?:alert|status)"[^>]*>([^<]*)<', page.text)
    assert found, page.text
    return html.unescape(found[1])


async def test_a_provider_is_offered_while_it_is_enabled(
    http: httpx2.AsyncClient, driver: asyncpg.Connection, app: Row, provider_id: UUID
) -> None:
    page = await open_page(http, request_of(app))
    assert "Sign in with 省平台" in page.text
    address = html.unescape(re.findall(r'href="(identities/[^"]+)"', page.text)[0])
    assert (await http.get(f"/oauth/{address}")).status_code == 303
    await driver.execute("UPDATE identity_provider SET is_enabled = false")
    assert "省平台" not in (await open_page(http, request_of(app))).text
    assert (await depart(http, app, provider_id)).status_code == 400


async def test_who_is_linked_signs_in_there_and_the_application_gets_their_tokens(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    gone = await depart(http, app, provider_id)
    cookie = gone.headers["set-cookie"]
    for part in ("HttpOnly", "Path=/oauth/identities", "SameSite=lax", "Max-Age=600"):
        assert part in cookie
    page = await come_back(http, provider_id, provider.sign_in(gone.headers["location"]))
    assert page.status_code == 200, page.text
    assert person.name in page.text
    assert "听课本" in page.text
    assert 'name="password"' not in page.text
    assert 'name="otp"' not in page.text
    assert await driver.fetchval("SELECT count(*) FROM consent") == 0
    back = told(await answer(http, page))
    assert back["state"] == request_of(app)["state"]
    done = await driver.fetchrow(
        "SELECT account_id, target_id FROM audit_act WHERE operation = 'sign_in_elsewhere'"
    )
    assert tuple(done) == (person.actor.account_id, provider_id)
    tokens = await exchange(http, app, back["code"])
    me = (await http.get("/api/v1/me", headers=bearer(tokens))).json()
    assert (me["name"], me["identities"]) == (person.name, [])
    assert "test" in back["iss"]


async def test_the_pages_have_a_strict_policy_and_work_below_a_prefix(
    http: httpx2.AsyncClient, db: Connection, app: Row, person: Person, provider: Provider,
    provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    page = await arrived(http, app, provider, provider_id)
    policy = page.headers["content-security-policy"]
    assert "form-action 'self' https://app.example;" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in page.text
    assert not re.search(r"\$[a-z_]+", page.text)
    assert 'action="../../../oauth/identities/decide"' in page.text
    sheet = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)[0]
    assert sheet.startswith("../../../pages/")
    denied = await answer(http, page, "allow", state="another")
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', denied.text)[0].startswith("../../pages/")


async def test_what_is_not_allowed_goes_back_as_a_refusal_and_only_once(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    page = await arrived(http, app, provider, provider_id)
    assert told(await answer(http, page, "deny"))["error"] == "access_denied"
    again = await answer(http, page)
    assert (again.status_code, await driver.fetchval("SELECT count(*) FROM consent")) == (400, 0)


async def test_nobody_is_found_by_name_and_who_is_not_linked_is_told_so(
    http: httpx2.AsyncClient, app: Row, person: Person, provider: Provider, provider_id: UUID
) -> None:
    provider.claims = {"sub": person.name, "name": "somebody", "email": "somebody@school.example"}
    page = await arrived(http, app, provider, provider_id)
    assert page.status_code == 403
    assert "linked to no account" in says(page)


async def test_a_suspended_account_stays_shut(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    page = await arrived(http, app, provider, provider_id)
    await driver.execute(
        "UPDATE account SET suspended_at = now() WHERE id = $1", person.actor.account_id
    )
    assert (await answer(http, page)).status_code == 403
    assert (await arrived(http, app, provider, provider_id)).status_code == 403


async def test_a_provider_that_is_no_longer_enabled_lets_nobody_in_who_is_on_the_way(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    page = await arrived(http, app, provider, provider_id)
    await driver.execute("UPDATE identity_provider SET is_enabled = false")
    assert (await answer(http, page)).status_code == 403
    assert await driver.fetchval("SELECT count(*) FROM authorisation_code") == 0


async def test_a_first_password_is_changed_first(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    await driver.execute(
        "UPDATE account SET first_password_until = now() + interval '1 day' WHERE id = $1",
        person.actor.account_id,
    )
    refused = await answer(http, await arrived(http, app, provider, provider_id))
    assert refused.status_code == 422
    assert "first password" in says(refused)


async def test_the_second_factor_is_ours_wherever_somebody_signs_in(
    http: httpx2.AsyncClient, db: Connection, resources: Resources, app: Row, person: Person,
    provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    secret = await guard(db, person, resources.cipher)
    provider.claims = {"amr": ["mfa", "otp"], "acr": "phr"}
    page = await arrived(http, app, provider, provider_id)
    assert 'autocomplete="one-time-code"' in page.text
    missing = await answer(http, page)
    assert (missing.status_code, 'name="otp"' in missing.text) == (422, True)
    assert "second factor" in says(missing)
    wrong = await answer(http, page, otp="000000")
    assert (wrong.status_code, "used before" in says(wrong)) == (422, True)
    back = told(await answer(http, page, otp=code_at(secret, step_of(now()) + 1)))
    assert (await exchange(http, app, back["code"])).status_code == 200


async def test_what_is_answered_twice_or_elsewhere_or_too_late_is_refused(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    gone = await depart(http, app, provider_id)
    fields = provider.sign_in(gone.headers["location"])
    other = {"Cookie": "yanxun_identity=another"}
    for page in (
        await come_back(http, provider_id, fields, **other),
        await come_back(http, provider_id, fields | {"state": "unknown"}),
        await http.get(f"/oauth/identities/{provider_id}/back?state={fields['state']}&state=x"),
    ):
        assert page.status_code == 400
    page = await come_back(http, provider_id, fields)
    assert page.status_code == 200
    assert (await come_back(http, provider_id, fields)).status_code == 400
    kept = hidden_fields(page.text) | {"decision": "allow"}
    assert (await decide(http, "/oauth/identities/decide", kept, **other)).status_code == 400
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await decide(http, "/oauth/identities/decide", kept, **foreign)).status_code == 403
    await driver.execute("UPDATE identity_request SET returned_at = NULL")
    assert (await come_back(http, provider_id, fields)).status_code == 400  # the code is used up
    assert "code" in told(await answer(http, page))
    assert (await answer(http, page)).status_code == 400
    assert await driver.fetchval("SELECT count(*) FROM authorisation_code") == 1


async def test_of_two_providers_neither_answers_for_the_other(
    http: httpx2.AsyncClient, db: Connection, city: City, resources: Resources, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    """The mix-up: an attacker's provider sends people back with what it was not asked for."""
    await link(db, person, provider_id, "person-1")
    evil = Provider("https://evil.example")
    evil_id = await make_provider(db, city, resources.cipher, evil)
    gone = await depart(http, app, provider_id)
    fields = provider.sign_in(gone.headers["location"])
    assert (await come_back(http, evil_id, fields)).status_code == 400
    other = fields | {"iss": "https://evil.example"}
    assert (await come_back(http, provider_id, other)).status_code == 400
    silent = await depart(http, app, provider_id)
    fields = provider.sign_in(silent.headers["location"])
    del fields["iss"]
    assert (await come_back(http, provider_id, fields)).status_code == 400
    assert provider.asked.count("token") == 0


@pytest.mark.parametrize(
    ("claims", "alg"),
    [
        ({"nonce": "another"}, "RS256"), ({"aud": "another"}, "RS256"),
        ({"iss": "https://evil.example"}, "RS256"), ({"exp": 1}, "RS256"), ({}, "none"),
        ({}, "HS256"),
    ],
)  # fmt: skip
async def test_what_proves_nothing_lets_nobody_in(
    http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID, claims: dict[str, Any], alg: str,
) -> None:  # fmt: skip
    await link(db, person, provider_id, "person-1")
    provider.claims, provider.alg = claims, alg
    page = await arrived(http, app, provider, provider_id)
    assert page.status_code == 400
    assert "does not prove" in says(page)
    assert await driver.fetchval("SELECT count(*) FROM identity_request WHERE subject <> ''") == 0


async def test_a_provider_that_is_down_is_said_so_and_the_password_still_works(
    http: httpx2.AsyncClient, app: Row, person: Person, provider: Provider, provider_id: UUID
) -> None:
    provider.answers["openid-configuration"] = lambda: httpx2.Response(503)
    page = await depart(http, app, provider_id)
    assert page.status_code == 503
    typed = {"username": person.name, "password": PASSWORD, "decision": "allow"}
    assert "code" in told(await decide(http, "/oauth/authorize", request_of(app) | typed))


async def test_who_does_not_sign_in_there_goes_back_with_a_refusal(
    http: httpx2.AsyncClient, app: Row, provider: Provider, provider_id: UUID
) -> None:
    gone = await depart(http, app, provider_id)
    fields = provider.sign_in(gone.headers["location"])
    fields["error"] = "access_denied"
    back = await come_back(http, provider_id, fields)
    assert told(back)["error"] == "access_denied"
    assert provider.asked.count("token") == 0


async def begin_link(client: Client, person: Person, provider_id: UUID) -> str:
    answer = await client.post(person, "/me/identities/link", {"provider_id": str(provider_id)})
    assert answer.status_code == 200, answer.text
    address: str = answer.json()["address"]
    return address


async def test_one_links_who_one_is_there_with_ones_password(
    client: Client, http: httpx2.AsyncClient, driver: asyncpg.Connection, app: Row,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    fields = provider.sign_in(await begin_link(client, person, provider_id))
    page = await come_back(http, provider_id, fields)
    assert person.name in page.text
    for typed in ({}, {"password": "wrong"}):
        assert (await answer(http, page, **typed)).status_code == 422
        assert await driver.fetchval("SELECT count(*) FROM external_identity") == 0
    done = await answer(http, page, password=PASSWORD)
    assert (done.status_code, says(done)) == (200, "Linked. From now on you can sign in there.")
    assert (await answer(http, page, password=PASSWORD)).status_code == 400
    (identity,) = (await client.get(person, "/me")).json()["identities"]
    assert (identity["provider_name"], identity["subject"]) == ("省平台", "person-1")
    done_by = await driver.fetchval(
        "SELECT account_id FROM audit_act WHERE operation = 'link_own_identity'"
    )
    assert done_by == person.actor.account_id
    assert "code" in told(await answer(http, await arrived(http, app, provider, provider_id)))


async def test_a_link_that_somebody_else_has_begun_takes_their_password(
    client: Client, http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection,
    city: City, person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    """Somebody is sent an address by an attacker, and signs in there as themselves."""
    attacker = await make_person(db, city.sibling)
    fields = provider.sign_in(await begin_link(client, attacker, provider_id), "the victim")
    page = await come_back(http, provider_id, fields)
    other = await make_person(db, city.far_school)
    assert other.name != attacker.name
    refused = await answer(http, page, username=other.name, password=PASSWORD + "!")
    assert refused.status_code == 422
    assert await driver.fetchval("SELECT count(*) FROM external_identity") == 0


async def test_who_has_begun_a_link_cannot_end_it_where_somebody_else_has_come_back(
    client: Client, http: httpx2.AsyncClient, db: Connection, driver: asyncpg.Connection,
    city: City, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    """The attacker knows the state and their own password: not the browser that came back."""
    attacker = await make_person(db, city.sibling)
    fields = provider.sign_in(await begin_link(client, attacker, provider_id), "the victim")
    page = await come_back(http, provider_id, fields, Cookie="yanxun_identity=tossed")
    assert "yanxun_identity=" in page.headers["set-cookie"]
    http.cookies.clear()
    for cookie in ({}, {"Cookie": "yanxun_identity=tossed"}):
        kept = hidden_fields(page.text) | {"decision": "allow", "password": PASSWORD}
        refused = await decide(http, "/oauth/identities/decide", kept, **cookie)
        assert refused.status_code == 400
    assert await driver.fetchval("SELECT count(*) FROM external_identity") == 0


async def test_an_identity_is_one_accounts(
    client: Client, http: httpx2.AsyncClient, db: Connection, city: City, person: Person,
    provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    other = await make_person(db, city.sibling)
    await link(db, other, provider_id, "person-1")
    fields = provider.sign_in(await begin_link(client, person, provider_id))
    refused = await answer(http, await come_back(http, provider_id, fields), password=PASSWORD)
    assert (refused.status_code, "linked already" in says(refused)) == (409, True)


async def test_linking_takes_the_second_factor_too(
    client: Client, http: httpx2.AsyncClient, db: Connection, resources: Resources,
    person: Person, provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    fields = provider.sign_in(await begin_link(client, person, provider_id))
    await guard(db, person, resources.cipher)
    page = await come_back(http, provider_id, fields)
    assert (await answer(http, page, password=PASSWORD)).status_code == 422
    done = await answer(http, page, password=PASSWORD, otp="recovery1")
    assert done.status_code == 200


async def test_a_link_is_denied_or_not_signed_in_to(
    client: Client, http: httpx2.AsyncClient, driver: asyncpg.Connection, person: Person,
    provider: Provider, provider_id: UUID,
) -> None:  # fmt: skip
    fields = provider.sign_in(await begin_link(client, person, provider_id))
    page = await answer(http, await come_back(http, provider_id, fields), "deny")
    assert (page.status_code, says(page)) == (200, "Nothing was linked.")
    fields = provider.sign_in(await begin_link(client, person, provider_id))
    page = await come_back(http, provider_id, fields | {"error": "access_denied"})
    assert (page.status_code, says(page)) == (400, "You have not signed in there.")
    assert await driver.fetchval("SELECT count(*) FROM external_identity") == 0
