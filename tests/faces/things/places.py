"""Each place's unit is invited to organise an activity of another place jointly."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_places import make_partnership


async def add_things(db: Connection, world: World, city: City) -> None:
    """The city is invited by a county, everybody else by the city."""
    for name, units in world.units.items():
        other = world.places["county" if name == "city" else "city"]["offered"]
        row = await make_partnership(db, {"id": other.id}, units[-1], city.city_admin)
        path = tuple(unit["id"] for unit in units)
        world.places[name]["partnership"] = Thing(row["id"], path)
