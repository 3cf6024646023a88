"""Setting units up: one, or as many as a file names, with the same statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, insert, select

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.organisation.location_classes import locate_new_units, located_as
from app.domain.organisation.names_and_codes import CodeKind, UnitCalled, name_units
from app.domain.organisation.units.register import UNITS, hold_unit, hold_units
from app.domain.organisation.units.unit import CannotSupervise, Level, NewUnit, Unit, UnitFields
from app.sql import Connection, Row, Statement, new_id

# What may be done.


async def create_unit(db: Connection, actor: Actor, *, new: NewUnit, now: datetime) -> Row:
    """Set up a county-level unit or a school below a bureau that the actor administers."""
    parent = await hold_unit(db, actor, unit_id=new.parent_id, permission=Permission.UNIT_WRITE)
    [unit_id] = await _set_up(db, [(new, parent)], now)
    return await UNITS.get(db, actor, unit_id)


async def create_units(
    db: Connection, actor: Actor, *, news: Sequence[NewUnit], now: datetime
) -> list[UUID]:
    """Set up many units below bureaux that are there; their keys, in this order.

    What one of them would be refused for, all are.
    """
    parents = await hold_units(
        db, actor, unit_ids={new.parent_id for new in news}, permission=Permission.UNIT_WRITE
    )
    return await _set_up(db, [(new, parents[new.parent_id]) for new in news], now)


_COLUMNS = (
    "id",
    "level",
    *UnitFields.model_fields,
    "parent_id",
    "city_id",
    "county_id",
    "school_id",
)


def _enter() -> Statement:
    """The stages come as one text each: an array of arrays has no rows of different lengths."""
    table: Any = Unit.__table__  # type: ignore[attr-defined]
    kinds = {name: table.c[name].type for name in _COLUMNS} | {"stages": Text()}
    arrays = [bindparam(name, type_=ARRAY(kinds[name], dimensions=1)) for name in _COLUMNS]
    rows = func.unnest(*arrays).table_valued(*_COLUMNS).render_derived("entered")
    chosen = [
        func.string_to_array(rows.c.stages, ",") if name == "stages" else rows.c[name]
        for name in _COLUMNS
    ]
    return Statement(
        insert(table).from_select([*_COLUMNS], select(*chosen), include_defaults=False)
    )


_ENTER = _enter()


async def _set_up(db: Connection, news: Sequence[tuple[NewUnit, Row]], now: datetime) -> list[UUID]:
    """Enter units, each with its superior, which is held."""
    rows, called = [], []
    for new, parent in news:
        wrong_county = new.level is Level.COUNTY and parent["level"] != Level.CITY
        if parent["level"] == Level.SCHOOL or wrong_county:
            raise CannotSupervise
        unit_id, is_school = new_id(), new.level is Level.SCHOOL
        row = {
            "id": unit_id,
            "level": new.level,
            **new.model_dump(include=set(UnitFields.model_fields)),
            "parent_id": new.parent_id,
            "city_id": parent["city_id"],
            "county_id": new.parent_id if is_school else unit_id,
            "school_id": unit_id if is_school else None,
        }
        rows.append(row)
        kind = CodeKind.SCHOOL if is_school else CodeKind.DIVISION
        called.append(UnitCalled(unit_id, new.name, new.code, kind))
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    columns["stages"] = [",".join(stages) for stages in columns["stages"]]
    await db.run(_ENTER, **columns)
    await name_units(db, called=called, now=now)
    located = {row["id"]: place for row in rows if (place := located_as(row)) is not None}
    await locate_new_units(db, located=located, now=now)
    return [row["id"] for row in rows]
