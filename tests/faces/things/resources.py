"""Of each place: a resource, another that is to go further, equipment, a neighbour system."""

from datetime import date

from app.domain.learning.equipment import Equipment
from app.domain.learning.neighbour_systems import NeighbourSystem, SystemIdentifier
from app.domain.learning.resources import Resource, ResourceVersion
from app.sql import Connection
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City


async def add_things(db: Connection, world: World, city: City) -> None:
    """What a unit keeps is shared with its own people, and registered for all below."""
    by = city.sibling_teacher_account.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit, place = units[-1], place_of(units[-1])
        for kind, asked in (
            ("resource", {}),
            ("asked_resource", {"asked_sharing": "city", "asked_at": NOW, "asked_by": by}),
        ):
            resource = await add_row(
                db, Resource, **place, title="课例", plain_title="课例", grams=["课", "例", "课例"],
                kind="electronic", licence="teaching", sharing="school", version=1, added_by=by,
                added_at=NOW, **asked,
            )  # fmt: skip
            await add_row(
                db, ResourceVersion, resource_id=resource, number=1, shelf="一排", added_by=by,
                added_at=NOW,
            )  # fmt: skip
            things[kind] = Thing(resource, path, audience=place["school_id"])
        equipment = await add_row(
            db, Equipment, **place, kind="network_room", number=1, counted_on=date(2026, 9, 1),
            recorded_by=by, recorded_at=NOW,
        )  # fmt: skip
        system = await add_row(
            db, NeighbourSystem, **place, name="学籍系统", kind="student_register",
            link="https://xueji.example.edu.cn", operated_by="省教育厅", registered_by=by,
            registered_at=NOW,
        )  # fmt: skip
        identifier = await add_row(
            db, SystemIdentifier, system_id=system, unit_id=unit["id"], identifier=name,
            recorded_by=by, recorded_at=NOW,
        )  # fmt: skip
        things["equipment"] = Thing(equipment, path)
        things["neighbour_system"] = Thing(system, path, audience=unit["id"])
        things["system_identifier"] = Thing(identifier, path)
