from typing import Any

import pytest

from app.security import passwords
from tests.conftest import SharedPool
from tests.make import City, Client, Person

OPEN = """
mutation ($new: NewAccount!) {
  createAccount(new: $new) { id name kind role: displayName schoolId secret }
}
"""


def code_of(answer: dict[str, Any]) -> str:
    assert answer["data"] is None
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


def new_account(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "new": {
            "name": "new.admin",
            "displayName": "新管理员",
            "role": "SCHOOL_ADMIN",
            "subjectId": str(city.school["id"]),
        }
        | changed
    }


async def test_an_account_is_opened_with_a_secret_shown_once(client: Client, city: City) -> None:
    made = (await client.graphql(city.county_admin, OPEN, new_account(city)))["data"][
        "createAccount"
    ]
    assert (made["name"], made["kind"]) == ("new.admin", "PERSON")
    assert made["schoolId"] == str(city.school["id"])
    sent = {"grant_type": "password", "username": "new.admin", "password": made["secret"]}
    assert (await client.http.post("/oauth/token", data=sent)).status_code == 200
    hashed = passwords.hash_secret(made["secret"]).hex()
    read = await client.graphql(
        city.county_admin, "query ($id: UUID!) { account(id: $id) { name } }", {"id": made["id"]}
    )
    assert read == {"data": {"account": {"name": "new.admin"}}}
    assert hashed not in str(read)


@pytest.mark.parametrize(
    ("who", "changed", "code"),
    [
        ("sibling_admin", {}, "subject_not_found"),
        ("teacher_account", {}, "subject_not_found"),
        ("auditor", {}, "not_allowed"),
        ("school_admin", {"role": "CITY_ADMIN"}, "not_allowed"),
        ("school_admin", {"name": "No"}, "invalid_request"),
        ("school_admin", {"kind": "CLIENT", "role": "TEACHER"}, "invalid_request"),
    ],
)
async def test_the_refusals_are_those_of_rest(
    client: Client, city: City, who: str, changed: dict[str, Any], code: str
) -> None:
    answer = await client.graphql(getattr(city, who), OPEN, new_account(city, **changed))
    assert code_of(answer) == code


async def test_accounts_lead_to_their_grants_in_one_more_statement(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    answer = await client.graphql(
        city.school_admin, '{ accounts(sort: "name") { nodes { name grants { role subject } } } }'
    )
    nodes = answer["data"]["accounts"]["nodes"]
    assert [node["name"].rpartition("-")[0] for node in nodes] == [
        "colleague", "school.admin", "teacher",
    ]  # fmt: skip
    assert [node["grants"] for node in nodes] == [
        [{"role": "TEACHER", "subject": "SELF"}],
        [{"role": "SCHOOL_ADMIN", "subject": "UNIT"}],
        [{"role": "TEACHER", "subject": "SELF"}],
    ]
    assert pool.statements - before == 2


async def test_one_does_not_reach_further_in_graphql(client: Client, city: City) -> None:
    question = "query ($id: UUID!) { account(id: $id) { name } }"
    variables = {"id": str(city.county_admin.actor.account_id)}
    answer = await client.graphql(city.school_admin, question, variables)
    assert code_of(answer) == "account_not_found"
    answer = await client.graphql(city.teacher_account, "{ accounts { nodes { name } } }")
    assert code_of(answer) == "not_allowed"


async def test_suspending_and_restoring(client: Client, city: City) -> None:
    variables = {"id": str(city.teacher_account.actor.account_id)}
    suspend = "mutation ($id: UUID!) { suspendAccount(accountId: $id) { suspendedAt } }"
    restore = "mutation ($id: UUID!) { restoreAccount(accountId: $id) { suspendedAt } }"
    answer = await client.graphql(city.school_admin, suspend, variables)
    assert answer["data"]["suspendAccount"]["suspendedAt"] is not None
    for document in (suspend, restore):
        answer = await client.graphql(city.sibling_admin, document, variables)
        assert code_of(answer) == "account_not_found"
    answer = await client.graphql(city.school_admin, restore, variables)
    assert answer["data"]["restoreAccount"] == {"suspendedAt": None}


async def test_another_first_password_is_shown_once(client: Client, city: City) -> None:
    reset = "mutation ($id: UUID!) { resetPassword(accountId: $id) { secret firstPasswordUntil } }"
    variables = {"id": str(city.teacher_account.actor.account_id)}
    assert code_of(await client.graphql(city.sibling_admin, reset, variables)) == (
        "account_not_found"
    )
    answer = await client.graphql(city.school_admin, reset, variables)
    made = answer["data"]["resetPassword"]
    assert made["firstPasswordUntil"] is not None
    name, first = city.teacher_account.name, made["secret"]
    sent = {"grant_type": "password", "username": name, "password": first}
    token = (await client.http.post("/oauth/token", data=sent)).json()["access_token"]
    person = Person(city.teacher_account.actor, name, {"Authorization": f"Bearer {token}"})
    refused = await client.graphql(person, "{ teachers { nodes { name } } }")
    assert code_of(refused) == "password_change_due"
    change = "mutation ($c: PasswordChange!) { changePassword(change: $c) { mustChangePassword } }"
    own = {"c": {"old": first, "new": "自己选的密码，别人没有见过"}}
    changed = await client.graphql(person, change, own)
    assert "errors" not in changed
