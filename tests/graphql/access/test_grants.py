from typing import Any

import pytest

from app.domain.base import civil_date
from app.request import now
from tests.make import City, Client

GRANT = """
mutation ($account: UUID!, $new: NewGrant!) {
  grantRole(accountId: $account, new: $new) { id role subject subjectId validFrom validTo }
}
"""
GRANTS = "query ($account: UUID!) { grants(accountId: $account) { id role validTo } }"
REVOKE = "mutation ($grant: UUID!) { revokeGrant(grantId: $grant) { role validTo } }"


async def test_a_role_is_granted_listed_and_revoked(client: Client, city: City) -> None:
    account = str(city.teacher_account.actor.account_id)
    new = {"role": "SCHOOL_ADMIN", "subjectId": str(city.school["id"]), "validFrom": "2020-01-01"}
    answer = await client.graphql(city.school_admin, GRANT, {"account": account, "new": new})
    made = answer["data"]["grantRole"]
    assert made == {
        "id": made["id"], "role": "SCHOOL_ADMIN", "subject": "UNIT",
        "subjectId": str(city.school["id"]), "validFrom": "2020-01-01", "validTo": None,
    }  # fmt: skip
    answer = await client.graphql(city.school_admin, GRANTS, {"account": account})
    assert [row["role"] for row in answer["data"]["grants"]] == ["TEACHER", "SCHOOL_ADMIN"]
    answer = await client.graphql(city.school_admin, REVOKE, {"grant": made["id"]})
    today = civil_date(now()).isoformat()
    assert answer["data"]["revokeGrant"] == {"role": "SCHOOL_ADMIN", "validTo": today}


@pytest.mark.parametrize(
    ("by", "to", "new", "code"),
    [
        ("school_admin", "school_admin", {"role": "COUNTY_ADMIN"}, "not_allowed"),
        ("sibling_admin", "school_admin", {}, "account_not_found"),
        ("school_admin", "school_admin", {}, "grant_exists"),
        ("school_admin", "teacher_account", {"validTo": "2020-01-01"}, "grant_period_empty"),
    ],
)
async def test_the_refusals_are_those_of_rest(
    client: Client, city: City, by: str, to: str, new: dict[str, Any], code: str
) -> None:
    sent = {"role": "SCHOOL_ADMIN", "subjectId": str(city.school["id"])} | new
    account = str(getattr(city, to).actor.account_id)
    answer = await client.graphql(getattr(city, by), GRANT, {"account": account, "new": sent})
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_who_may_not_see_an_account_sees_no_grants(client: Client, city: City) -> None:
    account = str(city.county_admin.actor.account_id)
    answer = await client.graphql(city.county_admin, GRANTS, {"account": account})
    (grant,) = answer["data"]["grants"]
    for document, variables, code in (
        (GRANTS, {"account": account}, "account_not_found"),
        (REVOKE, {"grant": grant["id"]}, "grant_not_found"),
    ):
        answer = await client.graphql(city.school_admin, document, variables)
        assert answer["errors"][0]["extensions"]["code"] == code
