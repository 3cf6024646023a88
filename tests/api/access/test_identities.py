from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI

from app.openid.provider import IdentityProviders
from app.request import Resources
from app.sql import Connection
from tests.identities import link, make_provider
from tests.make import City, Client
from tests.openid.a_provider import Provider


@pytest.fixture
async def provider_id(client: Client, application: FastAPI, db: Connection, city: City) -> UUID:
    provider, held = Provider(), application.state.resources
    assert isinstance(held, Resources)
    asked = IdentityProviders(transport=provider.transport())
    application.state.resources = replace(held, identity_providers=asked)
    return await make_provider(db, city, held.cipher, provider)


async def test_a_superior_links_and_unlinks(client: Client, city: City, provider_id: UUID) -> None:
    path = f"/accounts/{city.school_admin.actor.account_id}/identities"
    sent = {"provider_id": str(provider_id), "subject": "person-1"}
    made = await client.post(city.county_admin, path, sent)
    assert made.status_code == 201, made.text
    assert (await client.get(city.auditor, path)).json() == [made.json()]
    again = await client.post(city.county_admin, path, sent)
    assert (again.status_code, again.json()["code"]) == (409, "identity_taken")
    end = f"/identities/{made.json()['id']}/unlink"
    refused = await client.post(city.sibling_admin, end)
    assert (refused.status_code, refused.json()["code"]) == (404, "identity_not_found")
    ended = await client.post(city.county_admin, end)
    assert (ended.status_code, ended.json()) == (200, made.json())
    assert (await client.get(city.auditor, path)).json() == []


async def test_one_sees_and_ends_ones_own(
    client: Client, db: Connection, city: City, provider_id: UUID
) -> None:
    person = city.teacher_account
    identity_id = await link(db, person, provider_id, "person-1")
    (shown,) = (await client.get(person, "/me")).json()["identities"]
    assert (shown["id"], shown["subject"]) == (str(identity_id), "person-1")
    path = f"/me/identities/{identity_id}/unlink"
    refused = await client.post(city.colleague_account, path)
    assert (refused.status_code, refused.json()["code"]) == (404, "identity_not_found")
    assert (await client.post(person, path)).status_code == 200
    assert (await client.get(person, "/me")).json()["identities"] == []


async def test_the_address_of_a_link_leads_to_the_provider_and_back_to_us(
    client: Client, driver: asyncpg.Connection, city: City, provider_id: UUID
) -> None:
    sent = {"provider_id": str(provider_id)}
    answer = await client.post(city.teacher_account, "/me/identities/link", sent)
    assert answer.status_code == 200, answer.text
    address = urlsplit(answer.json()["address"])
    asked = parse_qs(address.query)
    assert address.netloc == "login.example"
    assert asked["redirect_uri"] == [f"http://test/oauth/identities/{provider_id}/back"]
    assert asked["ui_locales"] == ["en"]
    (kept,) = await driver.fetch("SELECT * FROM identity_request")
    assert kept["account_id"] == city.teacher_account.actor.account_id
    assert asked["state"][0] not in str(dict(kept))
    await driver.execute("UPDATE identity_provider SET is_enabled = false")
    refused = await client.post(city.teacher_account, "/me/identities/link", sent)
    assert (refused.status_code, refused.json()["code"]) == (404, "identity_provider_not_found")
    assert (await client.post(None, "/me/identities/link", sent)).status_code == 401
