from app.request import now
from app.sql import Connection
from tests.make import City, Client, make_sign_in

END = "mutation ($id: UUID!) { endSignIn(signInId: $id) { id } }"
END_ALL = "mutation ($id: UUID!) { endAccountSignIns(accountId: $id) { id } }"
SHOW = "{ signIns { id address } }"


async def test_one_sees_and_ends_where_one_is_signed_in(
    client: Client, db: Connection, city: City
) -> None:
    person = city.teacher_account
    sign_in_id = await make_sign_in(
        db, person.actor.account_id, b"1", address="10.1.*.*", last_used_at=now()
    )
    shown = (await client.graphql(person, SHOW))["data"]["signIns"]
    assert shown == [{"id": str(sign_in_id), "address": "10.1.*.*"}]
    other = await client.graphql(city.colleague_account, END, {"id": str(sign_in_id)})
    assert other["errors"][0]["extensions"]["code"] == "sign_in_not_found"
    ended = await client.graphql(person, END, {"id": str(sign_in_id)})
    assert ended["data"]["endSignIn"] == {"id": str(sign_in_id)}
    assert (await client.graphql(person, SHOW))["data"]["signIns"] == []


async def test_a_superior_ends_all_of_an_account(
    client: Client, db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await make_sign_in(db, account_id, b"1", last_used_at=now())
    refused = await client.graphql(city.auditor, END_ALL, {"id": str(account_id)})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    ended = await client.graphql(city.school_admin, END_ALL, {"id": str(account_id)})
    assert ended["data"]["endAccountSignIns"] == {"id": str(account_id)}
    assert (await client.graphql(city.teacher_account, SHOW))["data"]["signIns"] == []
