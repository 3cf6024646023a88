from typing import Any

from tests.make import City, Client

REGISTER = "mutation ($new: NewProvider!) { registerProvider(new: $new) { id contact approved } }"


async def register(client: Client, city: City, **changed: str) -> dict[str, Any]:
    new = {
        "unitId": str(city.county["id"]), "name": "示例培训基地", "kind": "BASE",
        "contactName": "李老师", "contactPhone": "13800001234",
    }  # fmt: skip
    return await client.graphql(city.county_admin, REGISTER, {"new": new | changed})


async def test_a_provider_is_registered_approved_and_withdrawn(client: Client, city: City) -> None:
    provider = (await register(client, city))["data"]["registerProvider"]
    assert (provider["contact"], provider["approved"]) == ("李** 138****34", False)
    wrong = await register(client, city, creditCode="91350100M000100Y44")
    assert wrong["errors"][0]["extensions"]["code"] == "credit_code_wrong"
    one = {"id": provider["id"]}
    approved = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: NewApproval!)"
        " { approveProvider(providerId: $id, new: $new) { validFrom } }",
        one | {"new": {"validFrom": "2026-01-01"}},
    )
    assert approved["data"]["approveProvider"] == {"validFrom": "2026-01-01"}
    offered = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { availableProviders { nodes { name } } providers { nodes { name } }"
        " provider(id: $id) { approved approvals { validFrom } }"
        " providerApprovals(providerId: $id) { validTo } }",
        one,
    )
    assert offered["data"] == {
        "availableProviders": {"nodes": [{"name": "示例培训基地"}]},
        "providers": {"nodes": []},
        "provider": {"approved": True, "approvals": [{"validFrom": "2026-01-01"}]},
        "providerApprovals": [{"validTo": None}],
    }
    withdrawn = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $end: ApprovalEnd!)"
        " { withdrawProvider(providerId: $id, end: $end) { approved } }",
        one | {"end": {"reason": "质量不合格"}},
    )
    assert withdrawn["data"]["withdrawProvider"] == {"approved": False}


async def test_whom_one_calls_is_told_to_the_bureau(client: Client, city: City) -> None:
    one = {"id": (await register(client, city))["data"]["registerProvider"]["id"]}
    reveal = "mutation ($id: UUID!) { revealProviderContact(providerId: $id) { contact } }"
    refused = await client.graphql(city.school_admin, reveal, one)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    told = await client.graphql(city.county_admin, reveal, one)
    assert told["data"]["revealProviderContact"] == {"contact": "李老师 13800001234"}
    changed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $changes: ProviderChanges!)"
        " { updateProvider(providerId: $id, changes: $changes) { name contact } }",
        one | {"changes": {"name": "示例基地校"}},
    )
    assert changed["data"]["updateProvider"] == {"name": "示例基地校", "contact": "李** 138****34"}
