"""Of each school a checklist, with a tick of its teacher."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_checklists import make_checklist, make_tick


async def add_things(db: Connection, world: World, city: City) -> None:
    """A checklist is of a school, a tick of its teacher."""
    by = city.city_admin
    for name, teacher in world.teachers.items():
        units = world.units[name]
        path = tuple(each["id"] for each in units)
        checklist = await make_checklist(db, by, units[-1])
        tick = await make_tick(db, by, checklist, teacher)
        world.places[name]["checklist"] = Thing(checklist["id"], path, audience=path[-1])
        world.places[name]["checklist_tick"] = Thing(tick["id"], path, teacher_id=teacher["id"])
