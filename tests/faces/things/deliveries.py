"""A message that was given up, to an account of each place."""

from app.domain.exchange.deliveries import DeliveryState
from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_deliveries import make_delivery


async def add_things(db: Connection, world: World, city: City) -> None:
    """A message to the account of the place."""
    for name in world.units:
        things = world.places[name]
        account = things["account"]
        row = await make_delivery(db, account.id, DeliveryState.GIVEN_UP)
        things["delivery"] = Thing(row["id"], account.path)
