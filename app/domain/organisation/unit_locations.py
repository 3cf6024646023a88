"""Where a school lies, over time (城乡分类的变化): read in its history, and classed anew from a day on.

Rules of credit that are for schools in the country ask where the school lay on the day that they are about.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.organisation.facts import FactView, check_day, list_facts
from app.domain.organisation.location_classes import (
    LocatedFields,
    UnitLocated,
    class_of,
    locate_unit,
)
from app.domain.organisation.units import UNITS, Level, NotASchool, Unit, hold_unit
from app.sql import Connection, Row


class UnitLocationView(LocatedFields, FactView):
    """Where a school lies or lay."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="单位 / unit")


class NewLocation(LocatedFields, Command):
    """How the place of a school is classed, from today unless said otherwise."""

    valid_from: date | None = Field(
        default=None, description="起始日期，默认今天 / first day; today by default"
    )

    @model_validator(mode="after")
    def _fits(self) -> "NewLocation":
        if self.location_code is not None and self.location is not class_of(self.location_code):
            raise Unfit("城乡分类细分与分类不符。", "The finer class is of another location class.")
        return self


# What can be refused.


class LocationUnchanged(Conflict):
    """The place is classed so already, and on every day since."""

    code = "unit_location_unchanged"
    zh = "该学校自该日起已是此城乡分类。"
    en = "The school has been classed so since that day already."


# What may be asked.


async def list_unit_locations(
    db: Connection,
    actor: Actor,
    *,
    unit_id: UUID,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Sequence[Row]:
    """Where a school lay, the first first: all that is recorded, or that of a day, as known now or then."""
    await UNITS.get(db, actor, unit_id)
    return await list_facts(
        db, table=UnitLocated, view=UnitLocationView, unit_id=unit_id, as_of=as_of,
        known_on=known_on,
    )  # fmt: skip


# What may be done.


async def classify_unit(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewLocation, now: datetime
) -> Row:
    """Class the place of a school from a day on; what was recorded of later days is superseded by it."""
    unit = await hold_unit(
        db, actor, unit_id=unit_id, permission=Permission.UNIT_WRITE, to_change=True
    )
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    located = LocatedFields(location=new.location, location_code=new.location_code)
    said = located.model_dump()
    # Also where it lies as before: its version tells whoever counts with it, and of two one waits.
    await db.change(Unit, unit_id, said)
    before = await locate_unit(db, unit_id=unit_id, located=located, since=since, now=now)
    if [each["valid_from"] <= since and said.items() <= each.items() for each in before] == [True]:
        raise LocationUnchanged
    return await UNITS.get(db, actor, unit_id)
