from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.openid.provider import IdentityProviders
from app.request import Resources
from app.sql import Connection
from tests.identities import link, make_provider
from tests.make import City, Client
from tests.openid.a_provider import Provider

LINK = """mutation ($id: UUID!, $asserted: AssertedIdentity!) {
    linkIdentity(accountId: $id, asserted: $asserted) { id subject providerName } }"""
UNLINK = "mutation ($id: UUID!) { unlinkIdentity(identityId: $id) { subject } }"
UNLINK_OWN = "mutation ($id: UUID!) { unlinkOwnIdentity(identityId: $id) { subject } }"
OF_ACCOUNT = """query ($id: UUID!) {
    identities(accountId: $id) { subject } account(id: $id) { identities { subject } } }"""
OWN = "{ profile { identities { id providerName } } }"
BEGIN = """mutation ($wanted: IdentityLink!) {
    beginIdentityLink(wanted: $wanted) { address expiresAt } }"""


@pytest.fixture
async def provider_id(client: Client, application: FastAPI, db: Connection, city: City) -> UUID:
    provider, held = Provider(), application.state.resources
    assert isinstance(held, Resources)
    asked = IdentityProviders(transport=provider.transport())
    application.state.resources = replace(held, identity_providers=asked)
    return await make_provider(db, city, held.cipher, provider)


async def test_a_superior_links_sees_and_unlinks(
    client: Client, city: City, provider_id: UUID
) -> None:
    account_id = str(city.school_admin.actor.account_id)
    asserted = {"providerId": str(provider_id), "subject": "person-1"}
    variables = {"id": account_id, "asserted": asserted}
    made = (await client.graphql(city.county_admin, LINK, variables))["data"]["linkIdentity"]
    assert (made["subject"], made["providerName"]) == ("person-1", "省平台")
    seen = (await client.graphql(city.auditor, OF_ACCOUNT, {"id": account_id}))["data"]
    assert seen["identities"] == seen["account"]["identities"] == [{"subject": "person-1"}]
    refused = await client.graphql(city.sibling_admin, UNLINK, {"id": made["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "identity_not_found"
    ended = await client.graphql(city.county_admin, UNLINK, {"id": made["id"]})
    assert ended["data"]["unlinkIdentity"] == {"subject": "person-1"}


async def test_one_sees_and_ends_ones_own(
    client: Client, db: Connection, city: City, provider_id: UUID
) -> None:
    person = city.teacher_account
    identity_id = str(await link(db, person, provider_id, "person-1"))
    own = (await client.graphql(person, OWN))["data"]["profile"]["identities"]
    assert own == [{"id": identity_id, "providerName": "省平台"}]
    ended = await client.graphql(person, UNLINK_OWN, {"id": identity_id})
    assert ended["data"]["unlinkOwnIdentity"] == {"subject": "person-1"}
    refused = await client.graphql(person, UNLINK_OWN, {"id": identity_id})
    assert refused["errors"][0]["extensions"]["code"] == "identity_not_found"


async def test_a_link_is_begun(client: Client, city: City, provider_id: UUID) -> None:
    variables = {"wanted": {"providerId": str(provider_id)}}
    answer = await client.graphql(city.teacher_account, BEGIN, variables)
    address = answer["data"]["beginIdentityLink"]["address"]
    assert address.startswith("https://login.example/authorise?")
    assert f"test%2Foauth%2Fidentities%2F{provider_id}%2Fback" in address
