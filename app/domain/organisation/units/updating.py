"""Updating units: what one school teaches and where it lies, or many, by the same statements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, update

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.organisation.facts import LATEST
from app.domain.organisation.location_classes import (
    LocatedFields,
    locate_units,
    located_as,
    locations_of,
)
from app.domain.organisation.units.register import UNITS, NotASchool, UnitChanges, hold_units
from app.domain.organisation.units.unit import Level, Unit
from app.sql import Connection, Row, Statement

# What may be done.


async def update_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, changes: UnitChanges, now: datetime
) -> Row:
    """Change which stages a school teaches, and where it lies from today on.

    A new location class without a finer one leaves none: the former belonged to the former class.
    """
    await update_units(db, actor, changes={unit_id: changes}, now=now)
    return await UNITS.get(db, actor, unit_id)


async def update_units(
    db: Connection, actor: Actor, *, changes: Mapping[UUID, UnitChanges], now: datetime
) -> None:
    """Change many schools so; what one of them would be refused for, all are."""
    if not changes:
        return
    units = await hold_units(
        db, actor, unit_ids=changes, permission=Permission.UNIT_WRITE, to_change=True
    )
    if any(unit["level"] != Level.SCHOOL for unit in units.values()):
        raise NotASchool
    given = {unit_id: _given(each) for unit_id, each in changes.items()}
    rows = [units[unit_id] | {"id": unit_id} | said for unit_id, said in given.items() if said]
    if rows:
        columns = {name: [row[name] for row in rows] for name in _COLUMNS}
        columns["stages"] = [",".join(stages) for stages in columns["stages"]]
        await db.run(_UPDATE, **columns)
    await _locate(db, given, now)


def _given(changes: UnitChanges) -> Row:
    given = changes.model_dump(exclude_unset=True)
    if "location" in given:
        given.setdefault("location_code", None)
    return given


async def _locate(db: Connection, given: Mapping[UUID, Row], now: datetime) -> None:
    """Record where schools lie, of which something else is said than is held."""
    located = {
        unit_id: {name: said[name] for name in LocatedFields.model_fields if name in said}
        for unit_id, said in given.items()
    }
    asked, today = [unit_id for unit_id, said in located.items() if said], civil_date(now)
    if not asked:
        return
    held = await locations_of(db, unit_ids=asked, day=today, known_at=LATEST)
    moved = {
        unit_id: located_as(held[unit_id] | located[unit_id])
        for unit_id in asked
        if held[unit_id] | located[unit_id] != held[unit_id]
    }
    if moved:
        await locate_units(db, located=moved, since=today, now=now)


_COLUMNS = ("id", "stages", *LocatedFields.model_fields)


def _update() -> Statement:
    """The stages come as one text each: an array of arrays has no rows of different lengths."""
    table: Any = Unit.__table__  # type: ignore[attr-defined]
    kinds = {name: table.c[name].type for name in _COLUMNS} | {"stages": Text()}
    arrays = [bindparam(name, type_=ARRAY(kinds[name], dimensions=1)) for name in _COLUMNS]
    rows = func.unnest(*arrays).table_valued(*_COLUMNS).render_derived("changed")
    values: dict[str, Any] = {name: rows.c[name] for name in LocatedFields.model_fields}
    values["stages"] = func.string_to_array(rows.c.stages, ",")
    return Statement(update(table).where(table.c.id == rows.c.id).values(values))


_UPDATE = _update()
