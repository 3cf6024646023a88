"""Webhooks over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_webhooks import make_listener, make_message, make_webhook

ADD = """
mutation ($new: NewWebhook!) { addWebhook(new: $new) { id secret state kinds clientName } }
"""


async def test_a_webhook_is_added_tried_and_stopped(
    client: Client, city: City, db: Connection
) -> None:
    listener = await make_listener(db, city.city)
    new = {"clientId": str(listener["id"]), "url": "https://1.1.1.1/", "kinds": ["TEACHER"]}
    answer = await client.graphql(city.city_admin, ADD, {"new": new})
    assert "errors" not in answer, answer
    added = answer["data"]["addWebhook"]
    assert added["secret"].startswith("whsec_")
    assert (added["state"], added["kinds"]) == ("ENABLED", ["TEACHER"])
    variables = {"id": added["id"]}
    rotate = "mutation ($id: UUID!) { rotateWebhookSecret(webhookId: $id) { secret } }"
    rotated = await client.graphql(city.city_admin, rotate, variables)
    assert rotated["data"]["rotateWebhookSecret"]["secret"] != added["secret"]
    tested = await client.graphql(
        city.city_admin,
        "mutation ($id: UUID!) { testWebhook(webhookId: $id) { id state } }",
        variables,
    )
    assert tested["data"]["testWebhook"]["state"] == "WAITING"
    changed = await client.graphql(
        city.city_admin,
        'mutation ($id: UUID!) { updateWebhook(webhookId: $id, changes: {note: "新"}) { note } }',
        variables,
    )
    assert changed["data"]["updateWebhook"]["note"] == "新"
    for verb, state in (("disable", "DISABLED"), ("enable", "ENABLED")):
        done = await client.graphql(
            city.city_admin,
            f"mutation ($id: UUID!) {{ {verb}Webhook(webhookId: $id) {{ state }} }}",
            variables,
        )
        assert done["data"][f"{verb}Webhook"]["state"] == state


async def test_an_address_of_a_neighbour_is_refused(
    client: Client, city: City, db: Connection
) -> None:
    listener = await make_listener(db, city.city)
    new = {"clientId": str(listener["id"]), "url": "https://192.168.1.1/"}
    answer = await client.graphql(city.city_admin, ADD, {"new": new})
    assert answer["errors"][0]["extensions"]["code"] == "webhook_address_refused"


async def test_the_log_is_read_and_a_message_replayed(
    client: Client, city: City, db: Connection
) -> None:
    message = await make_message(db, await make_webhook(db, city))
    asked = """
    query ($id: UUID!) {
      webhooks { edges { node { clientName state failingSince } } }
      webhookMessages { edges { node { id state tries { problem status milliseconds } } } }
      webhookMessage(id: $id) { attempts }
    }
    """
    answer = await client.graphql(city.auditor, asked, {"id": str(message["id"])})
    assert "errors" not in answer, answer
    [edge] = answer["data"]["webhookMessages"]["edges"]
    assert edge["node"]["tries"] == [{"problem": "refused", "status": 500, "milliseconds": 7}]
    replay = "mutation ($id: UUID!) { replayWebhookMessage(messageId: $id) { state attempts } }"
    answer = await client.graphql(city.city_admin, replay, {"id": str(message["id"])})
    assert answer["data"]["replayWebhookMessage"] == {"state": "WAITING", "attempts": 0}
    answer = await client.graphql(city.school_admin, replay, {"id": str(message["id"])})
    assert answer["errors"][0]["extensions"]["code"] == "webhook_message_not_found"
