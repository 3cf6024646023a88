"""Sets of many units, kept so that a cursor can name one by its digest instead of all its units.

A set says nothing of who is told of it, and its units never change: who has the same units has the same
set. One that no cursor was given over for more than a year is forgotten.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, LargeBinary, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import TODAY, Table, civil_date
from app.domain.exchange.changes.coverage import (
    MOST_NAMED,
    Position,
    digest_in,
    digest_of,
    grants_of_feed,
)
from app.domain.paging import BadCursor
from app.sql import Connection, Statement

KEPT: Final = timedelta(days=400)
"""How long a set is kept for the cursors that name it: who comes once a year finds the own one."""


class UnitSet(Table, table=True):
    """A set of more units than a cursor names."""

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    """SHA-256 over the keys in their order."""
    units: list[UUID] = Field(sa_type=ARRAY(Uuid))
    used_on: date
    """The day on which a cursor over it was given last; what a cursor names is kept before it is given."""


# What may be asked.

_KEPT = Statement(
    select(col(UnitSet.units)).where(col(UnitSet.digest) == bindparam("digest", type_=LargeBinary))
)


async def read_position(db: Connection, *, cursor: str) -> Position:
    """The place in the feed that a cursor means; `BadCursor` where it means none, or none any more."""
    digest = digest_in(cursor)
    if digest is None:
        return Position.read(cursor)
    kept = await db.value(_KEPT, digest=digest)
    if kept is None:
        raise BadCursor
    return Position.read(cursor, frozenset(kept))


# What may be done.

_KEEP = Statement(
    insert(UnitSet)
    .values(
        digest=bindparam("digest", type_=LargeBinary),
        units=bindparam("units", type_=ARRAY(Uuid)),
        used_on=TODAY,
    )
    .on_conflict_do_update(
        index_elements=["digest"], set_={"used_on": TODAY}, where=col(UnitSet.used_on) < TODAY
    )
)


async def keep_coverage(db: Connection, actor: Actor) -> None:
    """Have the units ready that the actor's cursors will name: before reading, where one may write."""
    await keep_units(db, units=frozenset(grant.subject_id for grant in grants_of_feed(actor)))


async def keep_units(db: Connection, *, units: frozenset[UUID]) -> None:
    """The same for these units; nothing where a cursor names each of them."""
    if len(units) > MOST_NAMED:
        await db.run(_KEEP, digest=digest_of(units), units=sorted(units))


_FORGET = Statement(delete(UnitSet).where(col(UnitSet.used_on) < bindparam("before", type_=Date)))


async def tidy_unit_sets(db: Connection, *, now: datetime) -> None:
    """Forget the sets of which no cursor was given for so long; who comes with one begins anew."""
    await db.run(_FORGET, before=civil_date(now - KEPT))
