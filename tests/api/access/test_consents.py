from app.domain.access.consents import give_consent
from app.domain.access.roles import Permission
from app.sql import Connection, new_id
from tests.make import NOW, City, Client
from tests.oauth import make_client


async def test_one_sees_and_takes_back_what_one_allowed(
    client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.city)
    person = city.teacher_account
    await give_consent(
        db, account_id=person.actor.account_id, client_id=app["id"],
        scopes=[Permission.UNIT_READ], now=NOW,
    )  # fmt: skip
    (shown,) = (await client.get(person, "/me/consents")).json()
    assert (shown["client_name"], shown["scopes"]) == ("听课本", ["unit:read"])
    path = f"/me/consents/{shown['id']}/revoke"
    other = await client.post(city.colleague_account, path)
    assert (other.status_code, other.json()["code"]) == (404, "consent_not_found")
    assert (await client.post(person, path)).json()["revoked_at"] is not None
    assert (await client.get(person, "/me/consents")).json() == []
    missing = await client.post(person, f"/me/consents/{new_id()}/revoke")
    assert missing.status_code == 404
