"""Of each place's activity: who was there, who asked for leave, and what is in doubt."""

from app.domain.training.attendance import Attendance
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import City
from tests.make_attendance import make_doubt, make_leave


async def add_things(db: Connection, world: World, city: City) -> None:
    """A record of a teacher, leave that waits for another, and a doubt that is open."""
    by = city.city_admin.actor.account_id
    other = city.direct_teacher
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        activity_id, session_id = things["offered"].id, things["offered_session"].id
        session = {"id": session_id, "activity_id": activity_id}
        teacher = world.teachers.get(name, city.teacher)
        recorded = await add_row(
            db, Attendance, session_id=session_id, activity_id=activity_id,
            teacher_id=other["id"], **place_of(other), status="present", method="organiser",
            role="participant", recorded_by=by,
        )  # fmt: skip
        asked = await make_leave(db, session, teacher)
        doubt = await make_doubt(db, session, units[-1], other)
        things["participant"] = Thing(recorded, path)
        things["participant_leave"] = Thing(asked["id"], path)
        things["doubt"] = Thing(doubt["id"], path)
        if name in world.teachers:
            things["leave"] = Thing(asked["id"], path, teacher_id=teacher["id"])
