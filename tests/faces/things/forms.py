"""A form of the city, and of each place's activity who carries it, where it leads, and results."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_forms import make_destination, make_form, make_result, make_staff


async def add_things(db: Connection, world: World, city: City) -> None:
    """Somebody from outside, a school elsewhere, and a result of a teacher of another place."""
    form = await make_form(db, city.city)
    city_id = city.city["id"]
    world.places["city"]["form"] = Thing(form["id"], (city_id,), audience=city_id)
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        offered = things["offered"]
        activity = {"id": offered.id}
        staff = await make_staff(db, activity, None)
        destination = await make_destination(db, activity)
        result = await make_result(db, activity, city.direct_teacher, city.city_admin)
        for kind, row in (("staff", staff), ("destination", destination)):
            things[kind] = Thing(row["id"], path, audience=offered.audience)
        things["contest_result"] = Thing(result["id"], path)
