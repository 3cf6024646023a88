from typing import Any

from tests.make import City, Client

REGISTER = """mutation ($new: NewIdentityProvider!) {
    registerIdentityProvider(new: $new) { id name issuer scopes isEnabled } }"""
UPDATE = """mutation ($id: UUID!, $changes: IdentityProviderChanges!) {
    updateIdentityProvider(providerId: $id, changes: $changes) { name isEnabled } }"""
LIST = "{ identityProviders { nodes { id name } } }"
ONE = "query ($id: ID!) { node(id: $id) { ... on IdentityProvider { clientId } } }"


def new(city: City) -> dict[str, Any]:
    return {
        "unitId": str(city.city["id"]), "name": "省平台", "clientId": "yanxun",
        "issuer": "https://login.example", "secret": "what we prove ourselves with",
    }  # fmt: skip


def code(answer: dict[str, Any]) -> str:
    told: str = answer["errors"][0]["extensions"]["code"]
    return told


async def test_a_provider_is_registered_found_and_changed(client: Client, city: City) -> None:
    made = await client.graphql(city.city_admin, REGISTER, {"new": new(city)})
    row = made["data"]["registerIdentityProvider"]
    assert (row["issuer"], row["scopes"]) == ("https://login.example", ["openid"])
    listed = await client.graphql(city.auditor, LIST)
    assert listed["data"]["identityProviders"]["nodes"] == [{"id": row["id"], "name": "省平台"}]
    found = await client.graphql(city.auditor, ONE, {"id": row["id"]})
    assert found["data"]["node"] == {"clientId": "yanxun"}
    changes = {"id": row["id"], "changes": {"isEnabled": False}}
    assert code(await client.graphql(city.auditor, UPDATE, changes)) == "not_allowed"
    changed = await client.graphql(city.city_admin, UPDATE, changes)
    assert changed["data"]["updateIdentityProvider"] == {"name": "省平台", "isEnabled": False}


async def test_a_refusal_repeats_no_secret(client: Client, city: City) -> None:
    await client.graphql(city.city_admin, REGISTER, {"new": new(city)})
    again = await client.graphql(city.city_admin, REGISTER, {"new": new(city)})
    assert code(again) == "identity_provider_registered"
    wrong = {"new": new(city) | {"issuer": "http://login.example"}}
    refused = await client.graphql(city.city_admin, REGISTER, wrong)
    assert code(refused) == "invalid_request"
    assert "prove" not in str(refused)
