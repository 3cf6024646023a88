"""Sets of many units, kept so that a cursor can name one by its digest instead of all its units.

A set says nothing of who is told of it, and is never changed: who has the same units has the same set.
"""

from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import Table
from app.domain.exchange.changes.coverage import (
    MOST_NAMED,
    Position,
    digest_in,
    digest_of,
    grants_of_feed,
)
from app.domain.paging import BadCursor
from app.sql import Connection, Statement


class UnitSet(Table, table=True):
    """A set of more units than a cursor names."""

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    """SHA-256 over the keys in their order."""
    units: list[UUID] = Field(sa_type=ARRAY(Uuid))


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
        digest=bindparam("digest", type_=LargeBinary), units=bindparam("units", type_=ARRAY(Uuid))
    )
    .on_conflict_do_nothing()
)


async def keep_coverage(db: Connection, actor: Actor) -> None:
    """Have the units ready that the actor's cursors will name: before reading, where one may write."""
    await keep_units(db, units=frozenset(grant.subject_id for grant in grants_of_feed(actor)))


async def keep_units(db: Connection, *, units: frozenset[UUID]) -> None:
    """The same for these units; nothing where a cursor names each of them."""
    if len(units) > MOST_NAMED:
        await db.run(_KEEP, digest=digest_of(units), units=sorted(units))
