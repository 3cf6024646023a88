"""Of each bureau a call; of each school applications and an objection; of units cases and adoptions."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.quality.demonstration_calls import DemonstrationCall
from app.domain.quality.demonstrations import (
    Demonstration,
    DemonstrationObjection,
    DemonstrationState,
)
from app.domain.quality.model_adoptions import ModelAdoption
from app.domain.quality.model_cases import (
    ModelCase,
    ModelCaseAudience,
    ModelCaseState,
    ModelCaseVersion,
)
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City
from tests.make_demonstrations import CALL, SAID

_DAYS = {"opens_on": date(2026, 1, 1), "closes_on": date(2099, 12, 31)}
_MORE = {"visit_needed": True, "objection_days": 7, "appeal_days": 15}
_PUBLIC = {
    "state": DemonstrationState.PUBLISHED, "score": 90, "published_on": date(2026, 11, 1),
    "objections_until": date(2099, 12, 31),
}  # fmt: skip


async def add_case(db: Connection, unit: Row, by: UUID, title: str, state: str) -> UUID:
    """A case of a unit in its first version."""
    published = 1 if state == ModelCaseState.PUBLISHED else None
    case = await add_row(
        db, ModelCase, **place_of(unit), title=title, version=1, published_version=published,
        created_at=NOW, created_by=by,
    )  # fmt: skip
    said: dict[str, Any] = {"summary": "三次备课、上课、评课。", "mode": "先独立备课，再集体修改。"}
    if published:
        said |= {"submitted_at": NOW, "submitted_by": by, "decided_at": NOW, "decided_by": by}
        said |= {"opinion": "值得推广"}
    await add_row(db, ModelCaseVersion, case_id=case, number=1, state=state, **said)
    return case


async def add_application(db: Connection, unit: Row, call: UUID, by: UUID, **more: Any) -> UUID:
    """An application of a school to its bureau."""
    row = {"state": DemonstrationState.DRAFT, "statement": SAID, "created_at": NOW} | more
    return await add_row(
        db, Demonstration, **place_of(unit), call_id=call, by_unit_id=unit["parent_id"],
        created_by=by, **row,
    )  # fmt: skip


async def add_things(db: Connection, world: World, city: City) -> None:
    """Schools apply to their county; what they publish, its county has published to those below it."""
    by = city.city_admin.actor.account_id
    for units in world.units.values():
        await add_of_unit(db, world, units, by)


async def add_of_unit(db: Connection, world: World, units: tuple[Row, ...], by: UUID) -> None:
    """What one unit has of all this."""
    unit, path = units[-1], tuple(each["id"] for each in units)
    things = next(world.places[name] for name, each in world.units.items() if each is units)
    given = CALL | _DAYS | _MORE
    if unit["school_id"] is None:
        call = await add_row(
            db, DemonstrationCall, **place_of(unit), **given, published_at=NOW, published_by=by
        )
        things["demonstration_call"] = Thing(call, path, audience=unit["id"])
    if len(units) == 1:
        return
    above = units[-2]
    draft = await add_case(db, unit, by, "案例一", ModelCaseState.DRAFT)
    things["model_case"] = Thing(draft, path)
    case = await add_case(db, unit, by, "案例二", ModelCaseState.PUBLISHED)
    audience = {
        "case_id": case, "target_id": above["id"], "by_unit_id": above["id"], "published_at": NOW,
        "published_by": by,
    }  # fmt: skip
    await db.insert(ModelCaseAudience, audience)
    things["published_model_case"] = Thing(case, path, audience=above["id"])
    adoption = await add_row(
        db, ModelAdoption, **place_of(unit), case_id=draft, version=1, plan="两个教研组先行试用。",
        adopted_on=date(2026, 9, 1), report_by=date(2099, 12, 31), created_at=NOW, created_by=by,
    )  # fmt: skip
    things["model_adoption"] = Thing(adoption, path)
    if unit["school_id"] is not None:
        await add_of_school(db, things, units, by, given)


async def add_of_school(
    db: Connection,
    things: dict[str, Thing],
    units: tuple[Row, ...],
    by: UUID,
    given: dict[str, Any],
) -> None:
    """Two calls of its bureau, an application under each, and an objection to the one that is published."""
    unit, above, path = units[-1], units[-2], tuple(each["id"] for each in units)
    calls = [
        await add_row(
            db, DemonstrationCall, **place_of(above), **given, published_at=NOW, published_by=by
        )
        for _ in range(2)
    ]
    for number, call in enumerate(calls, start=1):
        things[f"call_{number}"] = Thing(call, path[:-1], audience=above["id"])
    application = await add_application(db, unit, calls[0], by)
    things["demonstration"] = Thing(application, path)
    shown = await add_application(db, unit, calls[1], by, **_PUBLIC)
    things["published_demonstration"] = Thing(shown, path, audience=above["id"])
    objection = await add_row(
        db, DemonstrationObjection, demonstration_id=shown, reason="记载不实", raised_at=NOW,
        raised_by=by,
    )  # fmt: skip
    things["demonstration_objection"] = Thing(objection, path[:-1])
