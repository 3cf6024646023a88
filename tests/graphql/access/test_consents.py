from app.domain.access.consents import give_consent
from app.domain.access.roles import Permission
from app.sql import Connection
from tests.make import NOW, City, Client
from tests.oauth import make_client


async def test_one_sees_and_takes_back_what_one_allowed(
    client: Client, db: Connection, city: City
) -> None:
    app, person = await make_client(db, city.city), city.teacher_account
    await give_consent(
        db, account_id=person.actor.account_id, client_id=app["id"],
        scopes=[Permission.UNIT_READ], now=NOW,
    )  # fmt: skip
    query = "{ consents { id clientName scopes } }"
    (shown,) = (await client.graphql(person, query))["data"]["consents"]
    assert (shown["clientName"], shown["scopes"]) == ("听课本", ["UNIT_READ"])
    revoke = "mutation ($id: UUID!) { revokeConsent(consentId: $id) { revokedAt } }"
    other = await client.graphql(city.colleague_account, revoke, {"id": shown["id"]})
    assert other["errors"][0]["extensions"]["code"] == "consent_not_found"
    told = await client.graphql(person, revoke, {"id": shown["id"]})
    assert told["data"]["revokeConsent"]["revokedAt"] is not None
    assert (await client.graphql(person, query))["data"]["consents"] == []
