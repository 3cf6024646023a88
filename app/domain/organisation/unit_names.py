"""Names of units over time (更名): a unit stays itself, whatever it is called.

Renaming keeps the code. The name in force is the unit's own; the former ones can be told for any day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ARRAY, Text, Uuid, bindparam, func, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.organisation.facts import FactNotLater, FactView, check_day, end_facts, list_facts
from app.domain.organisation.names_and_codes import UnitName, UnitNamed
from app.domain.organisation.units import UNITS, Unit, hold_unit, hold_units
from app.sql import Connection, Row, Statement, new_id


class UnitNameView(FactView):
    """A name that a unit has or had."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")
    name: UnitName


class NewName(Command):
    """A name that a unit takes, from today unless said otherwise."""

    name: UnitName
    valid_from: date | None = Field(
        default=None, description="启用日期，默认今天 / first day; today by default"
    )


# What can be refused.


class NameUnchanged(Conflict):
    """The unit has this name already."""

    code = "unit_name_unchanged"
    zh = "该单位已使用此名称。"
    en = "The unit has this name already."


# What may be asked.


async def list_unit_names(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Sequence[Row]:
    """The names of a unit, the first one first: all, or that of a day, as known now or on a day."""
    await UNITS.get(db, actor, unit_id)
    return await list_facts(
        db, table=UnitNamed, view=UnitNameView, unit_id=unit_id, as_of=as_of, known_on=known_on
    )


# What may be done.

_called = (
    func.unnest(
        bindparam("unit_ids", type_=ARRAY(Uuid, dimensions=1)),
        bindparam("names", type_=ARRAY(Text, dimensions=1)),
    )
    .table_valued("unit_id", "name")
    .render_derived("called")
)
_RENAME = Statement(
    update(Unit).where(col(Unit.id) == _called.c.unit_id).values(name=_called.c.name)
)


async def rename_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewName, now: datetime
) -> Row:
    """Give a unit another name from a day on; under the former ones it is still found.

    Renamed from the very day on which the present name began, that name is corrected.
    """
    unit = await hold_unit(
        db, actor, unit_id=unit_id, permission=Permission.UNIT_WRITE, to_change=True
    )
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    await _rename(db, {unit_id: unit}, {unit_id: new.name}, since, now)
    return await UNITS.get(db, actor, unit_id)


async def rename_units(
    db: Connection, actor: Actor, *, names: Mapping[UUID, str], now: datetime
) -> None:
    """Give these units these names from today on; what one of them would be refused for, all are."""
    if names:
        units = await hold_units(
            db, actor, unit_ids=names, permission=Permission.UNIT_WRITE, to_change=True
        )
        await _rename(db, units, names, civil_date(now), now)


async def _rename(
    db: Connection,
    units: Mapping[UUID, Row],
    names: Mapping[UUID, str],
    since: date,
    now: datetime,
) -> None:
    """Rename units that are held."""
    if any(units[unit_id]["name"] == name for unit_id, name in names.items()):
        raise NameUnchanged
    await db.run(_RENAME, unit_ids=list(names), names=list(names.values()))
    for former in await end_facts(
        db, table=UnitNamed, owners=["unit_id"], owner=names.keys(), on=since, now=now
    ):
        if former["valid_from"] > since:
            raise FactNotLater(current=former["valid_from"].isoformat())
    known = {"valid_from": since, "recorded_at": now}
    facts = [
        {"id": new_id(), "unit_id": unit_id, "name": name, **known}
        for unit_id, name in names.items()
    ]
    await db.insert_all(UnitNamed, facts)
