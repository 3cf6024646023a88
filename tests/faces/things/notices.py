"""What each place lets others know: a draft and a notice that is published."""

from app.domain.training.notices import NoticeState
from app.sql import Connection
from tests.faces.world import Thing, World
from tests.make import City
from tests.make_notices import make_notice


async def add_things(db: Connection, world: World, city: City) -> None:
    """A draft, and a notice for the whole place."""
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        draft = await make_notice(db, units[-1], city.city_admin, state=NoticeState.DRAFT)
        sent = await make_notice(db, units[-1], city.city_admin)
        things["notice_draft"] = Thing(draft["id"], path)
        things["notice"] = Thing(sent["id"], path, audience=units[-1]["id"])
