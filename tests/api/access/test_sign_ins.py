from datetime import timedelta

from app.request import now
from app.sql import Connection
from tests.make import City, Client, make_sign_in


async def test_one_sees_and_ends_where_one_is_signed_in(
    client: Client, db: Connection, city: City
) -> None:
    person = city.teacher_account
    sign_in_id = await make_sign_in(
        db, person.actor.account_id, b"1", address="10.1.*.*", last_used_at=now()
    )
    await make_sign_in(db, person.actor.account_id, b"2", last_used_at=now() - timedelta(days=15))
    (shown,) = (await client.get(person, "/me/sign-ins")).json()
    assert (shown["id"], shown["address"]) == (str(sign_in_id), "10.1.*.*")
    path = f"/me/sign-ins/{sign_in_id}/end"
    other = await client.post(city.colleague_account, path)
    assert (other.status_code, other.json()["code"]) == (404, "sign_in_not_found")
    assert (await client.post(person, path)).status_code == 200
    assert (await client.post(person, path)).status_code == 404
    assert (await client.get(person, "/me/sign-ins")).json() == []


async def test_a_superior_ends_all_of_an_account(
    client: Client, db: Connection, city: City
) -> None:
    account_id = city.teacher_account.actor.account_id
    await make_sign_in(db, account_id, b"1", last_used_at=now())
    path = f"/accounts/{account_id}/end-sign-ins"
    assert (await client.post(city.sibling_admin, path)).status_code == 404
    assert (await client.post(city.auditor, path)).status_code == 403
    assert len((await client.get(city.teacher_account, "/me/sign-ins")).json()) == 1
    assert (await client.post(city.school_admin, path)).json()["id"] == str(account_id)
    assert (await client.get(city.teacher_account, "/me/sign-ins")).json() == []
