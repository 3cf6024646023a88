"""A webhook of an application of each place, and a message that was given up."""

from app.domain.exchange.changes import Position
from app.domain.exchange.webhooks import Webhook, WebhookProgress, WebhookState
from app.domain.exchange.webhooks.administration import secret_context
from app.sql import Connection, new_id
from tests.faces.world import Thing, World
from tests.make import NOW, City
from tests.make_webhooks import make_message


async def add_things(db: Connection, world: World, city: City) -> None:
    """What is told to an application that is registered there."""
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        webhook_id = new_id()
        secret = world.cipher.seal("whsec_c2VjcmV0", context=secret_context(webhook_id))
        row = {
            "id": webhook_id, "client_id": things["client"].id, "secret_sealed": secret,
            "url": "https://listener.example/", "state": WebhookState.ENABLED, "created_at": NOW,
            "created_by": city.city_admin.actor.account_id,
        }  # fmt: skip
        await db.insert(Webhook, row)
        progress = {"position": Position(0).cursor(), "looks_at": NOW}
        await db.insert(WebhookProgress, {"id": webhook_id, **progress})
        message = await make_message(db, {"id": webhook_id})
        things["webhook"] = Thing(webhook_id, path)
        things["webhook_message"] = Thing(message["id"], path)
