"""Each place's series, and trainees in what it offers; each school's training attended elsewhere."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_series import (
    make_activity_trainee,
    make_outside_training,
    make_series,
    make_trainee,
)


async def add_things(db: Connection, world: World, city: City) -> None:
    """The series of a place has no activity, so that it is seen by the place alone."""
    for name, units in world.units.items():
        things, unit = world.places[name], units[-1]
        path = tuple(each["id"] for each in units)
        series = await make_series(db, unit, city.city_admin)
        things["series"] = Thing(series["id"], path)
        trainee = await make_trainee(db, unit)
        activity = {"id": things["offered"].id}
        part = await make_activity_trainee(db, activity, trainee, city.city_admin)
        things["activity_trainee"] = Thing(part["id"], path)
    for name, teacher in world.teachers.items():
        training = await make_outside_training(db, teacher, city.city_admin)
        path = tuple(each["id"] for each in world.units[name])
        world.places[name]["outside_training"] = Thing(training["id"], path, teacher["id"])
