"""At each place a batch that waits, and at each school a certificate of its teacher."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_certificates import enter_batch


async def add_things(db: Connection, world: World, city: City) -> None:
    """Drawn up by the city, so that nobody else is kept from deciding for having done it."""
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        teachers = [world.teachers[name]] if name in world.teachers else []
        batch = await enter_batch(db, units[-1], city.city_admin, *teachers)
        things["certificate_batch"] = Thing(batch["id"], path)
        for teacher in teachers:
            things["certificate"] = Thing(batch["certificate_id"], path, teacher_id=teacher["id"])
