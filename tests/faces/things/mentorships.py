"""Of each school a mentorship of its teacher, with a mentor whom no actor is, and a record."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_mentorships import make_mentoring_record, make_mentorship


async def add_things(db: Connection, world: World, city: City) -> None:
    """What holds: whoever may sign or decline is told that it is too late."""
    by = city.city_admin
    for name, teacher in world.teachers.items():
        units = world.units[name]
        held = await make_mentorship(db, units[-1], by, teacher, city.direct_teacher)
        record = await make_mentoring_record(db, held, by)
        path = tuple(each["id"] for each in units)
        for kind, key in (
            ("mentorship", held["id"]),
            ("mentor", held["mentors"][0]["id"]),
            ("mentoring_record", record["id"]),
        ):
            world.places[name][kind] = Thing(key, path, teacher_id=teacher["id"])
