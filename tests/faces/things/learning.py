"""Of each place's activity as a class: what a player told of a teacher, and what is in doubt."""

from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_learning import make_learning_doubt, make_player, make_progress, make_record


async def add_things(db: Connection, world: World, city: City) -> None:
    """A record of a teacher with the progress that follows, and a doubt about another's."""
    player = await make_player(db, city.city)
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        activity = {"id": things["offered"].id, **{
            each: units[-1][each] for each in ("city_id", "county_id", "school_id")
        }}  # fmt: skip
        teacher = world.teachers.get(name)
        if teacher is not None:
            record = await make_record(db, activity, teacher, player)
            progress = await make_progress(db, activity, teacher)
            of = {"teacher_id": teacher["id"]}
            things["learning_record"] = Thing(record["id"], path, **of)
            things["learning_progress"] = Thing(progress["id"], path, **of)
        other = await make_record(db, activity, city.direct_teacher, player)
        doubt = await make_learning_doubt(db, activity, city.direct_teacher, other)
        things["learning_doubt"] = Thing(doubt["id"], path)
