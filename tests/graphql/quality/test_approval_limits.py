"""Limits of approval over GraphQL."""

from tests.make import City, Client

SET = """mutation ($unit: UUID!, $account: UUID!) {
    setApprovalLimit(unitId: $unit, new: {accountId: $account, upTo: "5000", validFrom: "2026-01-01"}) {
        upTo unitId
    }
}"""


async def test_a_limit_is_set(client: Client, city: City) -> None:
    unit = str(city.school["id"])
    given = {"unit": unit, "account": str(city.school_admin.actor.account_id)}
    made = await client.graphql(city.county_admin, SET, given)
    assert made["data"]["setApprovalLimit"] == {"upTo": "5000.00", "unitId": unit}
    read = await client.graphql(city.auditor, "{ approvalLimits { nodes { upTo } } }")
    assert read["data"]["approvalLimits"]["nodes"] == [{"upTo": "5000.00"}]
