"""What each place has of inspections of groups and of observation quotas."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City, make_group
from tests.make_checks import make_inspection, make_quota


async def add_things(db: Connection, world: World, city: City) -> None:
    """An inspection of a group of the unit, and a quota that the unit asks of all below it."""
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        group = await make_group(db, units[-1], name="受检教研组")
        inspection = await make_inspection(db, group, city.city_admin)
        things["group_inspection"] = Thing(inspection["id"], path)
        quota = await make_quota(db, units[-1], 10)
        things["observation_quota"] = Thing(quota["id"], path, audience=path[-1])
