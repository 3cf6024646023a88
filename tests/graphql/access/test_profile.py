import pytest

from app.domain.access.roles import PERMISSIONS, Role
from app.security import passwords
from app.sql import Connection
from tests.make import City, Client, Person, make_account

OLD = "quartz lantern 07"
NEW = "velvet harbour 19"
CHANGE = "mutation ($change: PasswordChange!) { changePassword(change: $change) { name } }"


@pytest.fixture
async def person(db: Connection, city: City) -> Person:
    secret = (await passwords.hash_password(OLD)).encode()
    return await make_account(db, "changing", Role.SCHOOL_ADMIN, city.school, secret=secret)


async def test_one_sees_oneself_and_what_one_may(client: Client, city: City) -> None:
    answer = await client.graphql(
        city.auditor, "{ profile { name teacherId grants { role subjectId permissions } } }"
    )
    assert answer["data"]["profile"]["name"] == city.auditor.name
    (grant,) = answer["data"]["profile"]["grants"]
    assert (grant["role"], grant["subjectId"]) == ("AUDITOR", str(city.city["id"]))
    assert grant["permissions"] == [each.name for each in sorted(PERMISSIONS[Role.AUDITOR])]


async def test_a_password_is_changed_and_the_old_one_is_none(
    client: Client, person: Person
) -> None:
    variables = {"change": {"old": OLD, "new": NEW}}
    answer = await client.graphql(person, CHANGE, variables)
    assert answer == {"data": {"changePassword": {"name": person.name}}}
    for password, status in ((OLD, 400), (NEW, 200)):
        sent = {"grant_type": "password", "username": person.name, "password": password}
        assert (await client.http.post("/oauth/token", data=sent)).status_code == status


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("a wrong guess", NEW, "wrong_password"),
        (OLD, "too short", "invalid_request"),
        (OLD, OLD, "password_unfit"),
    ],
)
async def test_a_refusal_repeats_no_password(
    client: Client, person: Person, old: str, new: str, code: str
) -> None:
    answer = await client.graphql(person, CHANGE, {"change": {"old": old, "new": new}})
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == code
    assert old not in str(answer)
    assert new not in str(answer)
