"""At each bureau a draft that waits to be tried out."""

from datetime import timedelta

from app.domain.credits.what_ifs import WhatIf
from app.domain.organisation.units import Level
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, TODAY, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """A question of a city or a county."""
    for name, units in world.units.items():
        unit, path = units[-1], tuple(each["id"] for each in units)
        if unit["level"] == Level.SCHOOL:
            continue
        what_if = await add_row(
            db, WhatIf, **place_of(unit), pack_id="draft", version=1, title_zh="草案", title_en="Draft",
            as_of=TODAY, submitted_at=NOW, kept_until=NOW + timedelta(days=7), document={},
            digest=bytes(32), position="0", submitted_by=city.city_admin.actor.account_id,
            state="waiting", done=0, tries=0,
        )  # fmt: skip
        world.places[name]["what_if"] = Thing(what_if, path)
