"""What each place has of imports: checked with a row set apart, entered, and a full roster."""

from app.sql import Connection
from tests.faces.world import Thing, World, place_of
from tests.make import City
from tests.make_imports import make_import


async def add_things(db: Connection, world: World, city: City) -> None:
    """Three imports of people at each place."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        place = place_of(units[-1])
        checked, rows = await make_import(db, place, by)
        applied, _ = await make_import(db, place, by, applied=True)
        roster, _ = await make_import(db, place, by, full_roster=True)
        things["full_roster"] = Thing(roster, path)
        things["import"] = Thing(checked, path)
        things["applied_import"] = Thing(applied, path)
        things["import_row"] = Thing(rows[0], path)
