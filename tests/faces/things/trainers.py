"""Of each place a trainer with what is kept of them; of each school its teacher, who is invited."""

from app.sql import Connection
from tests.faces.world import Thing, World, place_of
from tests.make import City
from tests.make_trainers import (
    make_hire,
    make_invited,
    make_tour,
    make_trainer,
    make_trainer_assessment,
    make_trainer_course,
)


async def add_things(db: Connection, world: World, city: City) -> None:
    """A library of every unit, with an outside expert; a tour from the county to one without schools."""
    by = city.city_admin
    for name, units in world.units.items():
        unit, path = {**units[-1], **place_of(units[-1])}, tuple(each["id"] for each in units)
        things, trainer = world.places[name], await make_trainer(db, unit, by)
        assessment = await make_trainer_assessment(db, trainer, by)
        hire = await make_hire(db, trainer, by)
        things["trainer"] = Thing(trainer["id"], path, audience=unit["id"])
        things["trainer_assessment"] = Thing(assessment["id"], path)
        things["trainer_hire"] = Thing(hire["id"], path)
        given = await make_trainer_course(db, trainer, things["course_offered"].id)
        things["trainer_course"] = Thing(given["id"], path, audience=unit["id"])
        if name == "county":
            tour = await make_tour(db, trainer, by, city.county, city.zone)
            things["trainer_tour"] = Thing(tour["id"], path)
        if name in world.teachers:
            teacher = world.teachers[name]
            own = await make_invited(db, unit, by, teacher)
            things["own_trainer"] = Thing(own["id"], path, teacher_id=teacher["id"])
