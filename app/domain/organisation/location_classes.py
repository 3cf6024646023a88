"""Where schools lie over time (城乡分类): dated facts, since a place is classed anew while the school stays.

The class in force is the school's own. A school lay where it was first said to lie before that day too:
nothing else is known. From a day on it may be unknown again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, any_, bindparam, select
from sqlmodel import Field, col

from app.domain.base import (
    MOMENT,
    Dated,
    Table,
    civil_date,
    dated_constraints,
    holds_once,
    key,
    text_enum,
)
from app.domain.base import known_on as believed
from app.domain.organisation.facts import end_facts
from app.sql import Connection, Row, Statement, new_id


class LocationClass(StrEnum):
    """Where a school lies (城乡分类): in a city, in a town, or in the country."""

    URBAN = "urban"
    """城区"""
    TOWN = "town"
    """镇区"""
    RURAL = "rural"
    """乡村"""


LocationCode = Annotated[str, StringConstraints(pattern=r"^(11[12]|12[123]|210|220)$")]
"""The finer class by table 5 of GB/T 33782-2017, known to us from a secondary source:
111 主城区, 112 城乡结合区, 121 镇中心区, 122 镇乡结合区, 123 特殊区域, 210 乡中心区, 220 村庄."""

CODE_FITS_CLASS = (
    "location_code IS NULL OR (CASE WHEN location_code LIKE '11_' THEN location = 'urban'"
    " WHEN location_code LIKE '12_' THEN location = 'town' ELSE location = 'rural' END)"
    " IS TRUE"
)
"""The CHECK of every table that has both."""


def class_of(code: str) -> LocationClass:
    """The location class to which a finer class belongs."""
    if code.startswith("2"):
        return LocationClass.RURAL
    return LocationClass.URBAN if code.startswith("11") else LocationClass.TOWN


class LocatedFields(BaseModel):
    """A class, and the finer one where it is known."""

    location: LocationClass = Field(
        description="城乡分类 / urban, town or rural", sa_type=text_enum(LocationClass)
    )
    location_code: LocationCode | None = Field(
        default=None,
        max_length=3,
        description="城乡分类细分（GB/T 33782 表5） / finer class, table 5 of GB/T 33782",
    )


class UnitLocated(LocatedFields, Dated, Table, table=True):
    """Where a school lay from a day on; the school's own class is the one in force."""

    __table_args__ = (
        *dated_constraints(),
        holds_once("unit_located", "unit_id"),
        CheckConstraint(CODE_FITS_CLASS, name="location_code"),
        Index(None, "unit_id", "valid_from"),
    )

    id: UUID = key()
    unit_id: UUID = Field(foreign_key="unit.id", ondelete="CASCADE", sa_type=Uuid)


# What may be asked.

_KNOWN = Statement(
    select(
        *(
            col(getattr(UnitLocated, name))
            for name in ("unit_id", "valid_from", "valid_to", *LocatedFields.model_fields)
        )
    )
    .where(
        col(UnitLocated.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        believed(UnitLocated, bindparam("known_at", type_=MOMENT)),
    )
    .order_by(col(UnitLocated.valid_from))
)


async def location_of(db: Connection, *, unit_id: UUID, day: date, known_at: datetime) -> Row:
    """Where a unit lay on a day, as was believed before a moment; both null where that is not known."""
    found = await locations_of(db, unit_ids=[unit_id], day=day, known_at=known_at)
    return found[unit_id]


async def locations_of(
    db: Connection, *, unit_ids: Sequence[UUID], day: date, known_at: datetime
) -> dict[UUID, Row]:
    """The same of many units."""
    facts: dict[UUID, list[Row]] = {unit_id: [] for unit_id in unit_ids}
    for fact in await db.all(_KNOWN, unit_ids=unit_ids, known_at=known_at):
        facts[fact["unit_id"]].append(fact)
    return {
        unit_id: {name: held.get(name) for name in LocatedFields.model_fields}
        for unit_id, own in facts.items()
        for held in [_held_on(own, day) or {}]
    }


def _held_on(facts: Sequence[Row], day: date) -> Row | None:
    if facts and day < facts[0]["valid_from"]:
        return facts[0]
    for each in facts:
        if each["valid_from"] <= day and (each["valid_to"] is None or day < each["valid_to"]):
            return each
    return None


def located_as(said: Row) -> LocatedFields | None:
    """Where something lies that is said to lie there, or None where nothing is said."""
    if said["location"] is None:
        return None
    return LocatedFields(location=said["location"], location_code=said["location_code"])


# What may be done.


async def locate_new_units(
    db: Connection, *, located: Mapping[UUID, LocatedFields], now: datetime
) -> None:
    """Record where units that were just set up lie, from today on."""
    await _say(db, located, civil_date(now), now)


async def _say(
    db: Connection, located: Mapping[UUID, LocatedFields | None], since: date, now: datetime
) -> None:
    known = {"valid_from": since, "recorded_at": now}
    rows = [
        {"id": new_id(), "unit_id": unit_id, **said.model_dump(), **known}
        for unit_id, said in located.items()
        if said is not None
    ]
    await db.insert_all(UnitLocated, rows)


async def locate_unit(
    db: Connection, *, unit_id: UUID, located: LocatedFields | None, since: date, now: datetime
) -> list[Row]:
    """Record where a unit lies from a day on, or that it is not known; what that takes the place of."""
    return await locate_units(db, located={unit_id: located}, since=since, now=now)


async def locate_units(
    db: Connection, *, located: Mapping[UUID, LocatedFields | None], since: date, now: datetime
) -> list[Row]:
    """The same of many units."""
    before = await end_facts(
        db, table=UnitLocated, owners=["unit_id"], owner=located.keys(), on=since, now=now
    )
    await _say(db, located, since, now)
    return before
