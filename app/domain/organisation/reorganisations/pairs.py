"""What becomes of pairs of teachers: a pair lasts while both of it are of the unit that arranged it.

The tables of the wing above are described here by the columns that matter.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import (
    Date,
    Table,
    Uuid,
    bindparam,
    column,
    exists,
    or_,
    table,
    update,
)
from sqlmodel import SQLModel

from app.sql import Connection, Row, Statement, new_id

_PLACE = ("city_id", "county_id", "school_id")
_TEACHERS = table("teacher", *(column(name, Uuid()) for name in ("id", *_PLACE)))
_on, _school_id = bindparam("on", type_=Date), bindparam("school_id", type_=Uuid)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The table of pairs, which the wing of people describes."""

    __table__: Table


@lru_cache(maxsize=1)
def _pairs() -> _Pairs:
    return _Pairs(SQLModel.metadata.tables["peer_pair"])


@lru_cache(maxsize=1)
def _part() -> Statement:
    pairs = _pairs().__table__
    both = _TEACHERS.alias("both")
    apart = exists().where(
        or_(both.c.id == pairs.c.one_id, both.c.id == pairs.c.other_id),
        both.c.school_id.is_distinct_from(_school_id),
    )
    return Statement(
        update(pairs)
        .where(
            or_(_TEACHERS.c.id == pairs.c.one_id, _TEACHERS.c.id == pairs.c.other_id),
            _TEACHERS.c.school_id == _school_id,
            *(pairs.c.unit_id != _TEACHERS.c[name] for name in _PLACE),
            pairs.c.ended_on.is_(None),
        )
        .values(ended_on=_on)
        .returning(*pairs.c, (~apart).label("together"))
    )


async def part_pairs(db: Connection, *, school_id: UUID, on: date) -> list[Row]:
    """End the pairs of a school's people that units left behind have arranged.

    Of each it says whether both are `together` in the school.
    """
    return await db.all(_part(), school_id=school_id, on=on)


async def bring_pairs(db: Connection, *, unit_id: UUID, successor: Row, on: date) -> None:
    """Let the pairs that a school arranged go on in another to which its people have come.

    Where both of it came, for the rest of the term. What else was left behind ends.
    """
    parted = await part_pairs(db, school_id=successor["id"], on=on)
    there = {"county_id": successor["county_id"], "school_id": successor["id"], "ended_on": None}
    begun = [
        {name: value for name, value in row.items() if name not in {"unit_id", "together"}}
        | {"id": new_id(), "valid_from": max(row["valid_from"], on), **there}
        for row in parted
        if row["unit_id"] == unit_id and row["together"] and row["valid_to"] > on
    ]
    await db.insert_all(_pairs(), begun)


@lru_cache(maxsize=1)
def _end() -> Statement:
    pairs = _pairs().__table__
    return Statement(
        update(pairs)
        .where(
            pairs.c.unit_id == bindparam("unit_id", type_=Uuid),
            pairs.c.ended_on.is_(None),
        )
        .values(ended_on=_on)
    )


async def end_pairs(db: Connection, *, unit_id: UUID, on: date) -> None:
    """End the pairs that a unit arranged."""
    await db.run(_end(), unit_id=unit_id, on=on)
