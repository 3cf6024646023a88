"""Of each place a discussion on an activity with a reported post; of each school a shared consultation."""

from app.domain.access.roles import Role
from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City, make_account
from tests.make_discussions import ask, make_discussion, report, say


async def add_things(db: Connection, world: World, city: City) -> None:
    """Posts that nobody among the actors wrote; what a teacher asks their mentor."""
    writer = await make_account(db, "writing", Role.CITY_ADMIN, city.city)
    reader = await make_account(db, "reading", Role.CITY_ADMIN, city.city)
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        offered = world.places[name]["offered"]
        made = await make_discussion(db, writer, activity_id=offered.id)
        post = await say(db, writer, made)
        reported = await report(db, reader, post)
        for kind, row in (("discussion", made), ("discussion_post", post)):
            world.places[name][kind] = Thing(row["id"], path, audience=unit["id"])
        world.places[name]["post_report"] = Thing(reported["id"], path)
    for name, teacher, asking in (
        ("school", city.teacher, city.teacher_account),
        ("sibling", city.sibling_teacher, city.sibling_teacher_account),
    ):
        mentor = world.places[name]["mentor"]
        asked = await ask(db, asking, mentor_id=mentor.id, is_private=False)
        world.places[name]["consultation"] = Thing(
            asked["id"], mentor.path, teacher_id=teacher["id"], audience=mentor.path[-1]
        )
