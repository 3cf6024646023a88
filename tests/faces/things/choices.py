"""What can be chosen at each place: a draft of a round, an open one, and one that is closed."""

from datetime import timedelta

from app.domain.learning.choice_rounds import ChoiceOffering, ChoiceRound
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City

_SAYS = {"title": "选课", "way": "two_way", "most_choices": 2, "most_places": 2}
_ONCE = NOW - timedelta(days=9)
_LONG = {"opens_at": _ONCE, "closes_at": NOW + timedelta(days=36_500)}
_OVER = {"opens_at": _ONCE, "closes_at": NOW - timedelta(days=8)}


async def add_things(db: Connection, world: World, city: City) -> None:
    """In the open round one can choose what is offered at the place."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path, unit = world.places[name], tuple(each["id"] for each in units), units[-1]
        common = {**_SAYS, **place_of(unit), "priorities": [], "favoured": [], "created_by": by}
        published = {"state": "published", "published_at": _ONCE}
        draft = await add_row(db, ChoiceRound, **common, **_LONG, state="draft")
        open_ = await add_row(db, ChoiceRound, **common, **_LONG, **published)
        closed = await add_row(db, ChoiceRound, **common, **_OVER, **published)
        offered = things["offered"]
        await db.insert(ChoiceOffering, {"round_id": open_, "activity_id": offered.id})
        things["choice_round"] = Thing(draft, path)
        things["choice_round_offered"] = Thing(open_, path, audience=offered.audience)
        things["choice_round_closed"] = Thing(closed, path)
