from datetime import timedelta

from app.domain.base import civil_date
from app.request import now
from tests.make import City, Client, Person

CREATE = """
mutation ($new: NewDelegation!) {
  createDelegation(new: $new) { id permissions granterName delegateName revokedAt }
}
"""
ACT = "mutation ($id: UUID!) { actOnBehalf(delegationId: $id) { accessToken expiresIn } }"
REVOKE = "mutation ($id: UUID!) { revokeDelegation(delegationId: $id) { id revokedAt } }"
SHOW = "{ delegations { id granterId } }"
GROUP = "mutation ($new: NewGroup!) { createGroup(new: $new) { name } }"


async def test_a_delegation_from_its_beginning_to_its_end(client: Client, city: City) -> None:
    new = {
        "subjectId": str(city.school["id"]),
        "delegateId": str(city.teacher_account.actor.account_id),
        "permissions": ["GROUP_WRITE", "GROUP_READ"],
        "reason": "外出学习",
        "validTo": (civil_date(now()) + timedelta(days=7)).isoformat(),
    }
    refused = await client.graphql(city.sibling_admin, CREATE, {"new": new})
    assert refused["errors"][0]["extensions"]["code"] == "subject_not_found"
    made = await client.graphql(city.school_admin, CREATE, {"new": new})
    row = made["data"]["createDelegation"]
    assert (row["granterName"], row["delegateName"]) == ("school.admin", "teacher")
    named = {"id": row["id"]}
    refused = await client.graphql(city.school_admin, ACT, named)
    assert refused["errors"][0]["extensions"]["code"] == "delegation_not_found"
    token = (await client.graphql(city.teacher_account, ACT, named))["data"]["actOnBehalf"]
    headers = {"Authorization": f"Bearer {token['accessToken']}"}
    delegate = Person(city.teacher_account.actor, "delegate", headers)
    group = {"name": "语文组", "kind": "TEACHING_RESEARCH", "unitId": str(city.school["id"])}
    done = await client.graphql(delegate, GROUP, {"new": group})
    assert done["data"]["createGroup"] == {"name": "语文组"}
    profile = await client.graphql(delegate, "{ profile { onBehalfOf mustChangePassword } }")
    granter_id = str(city.school_admin.actor.account_id)
    assert profile["data"]["profile"] == {"onBehalfOf": granter_id, "mustChangePassword": False}
    assert "errors" in await client.graphql(delegate, SHOW)
    shown = await client.graphql(city.teacher_account, SHOW)
    assert shown["data"]["delegations"] == [{"id": row["id"], "granterId": granter_id}]
    ended = await client.graphql(city.school_admin, REVOKE, named)
    assert ended["data"]["revokeDelegation"]["revokedAt"] is not None
    refused = await client.graphql(city.teacher_account, ACT, named)
    assert refused["errors"][0]["extensions"]["code"] == "delegation_ended"
