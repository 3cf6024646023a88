from app.domain.exchange.deliveries import DeliveryState
from app.sql import Connection
from tests.make import City, Client
from tests.make_deliveries import make_delivery

LIST = "{ deliveries(state: GIVEN_UP) { totalCount nodes { id kind state } } }"
OWN = "{ ownDeliveries { id state } deliveryPreferences { kind channel } }"
RETRY = "mutation ($id: UUID!) { retryDelivery(deliveryId: $id) { state attempts } }"
SAY = """mutation {
  setDeliveryPreference(new: {kind: REMINDER, channel: null}) { kind channel }
}"""


async def test_messages_are_listed_and_sent_anew(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_delivery(db, city.teacher_account.actor.account_id, DeliveryState.GIVEN_UP)
    key = str(row["id"])
    listed = (await client.graphql(city.school_admin, LIST))["data"]["deliveries"]
    assert listed == {
        "totalCount": 1, "nodes": [{"id": key, "kind": "DUE", "state": "GIVEN_UP"}],
    }  # fmt: skip
    own = (await client.graphql(city.teacher_account, OWN))["data"]
    assert own["ownDeliveries"] == [{"id": key, "state": "GIVEN_UP"}]
    assert {each["channel"] for each in own["deliveryPreferences"]} == {"WECOM"}
    again = await client.graphql(city.school_admin, RETRY, {"id": key})
    assert again["data"]["retryDelivery"] == {"state": "QUEUED", "attempts": 0}
    refused = await client.graphql(city.sibling_admin, RETRY, {"id": key})
    assert refused["errors"][0]["extensions"]["code"] == "delivery_not_found"
    said = (await client.graphql(city.teacher_account, SAY))["data"]["setDeliveryPreference"]
    assert {"kind": "REMINDER", "channel": None} in said
