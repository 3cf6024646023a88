"""Departures: what has left the place where it was, for readers who no longer see it."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, any_, bindparam, or_, select, text, tuple_
from sqlmodel import Field

from app.domain.access.actors import Shape, within
from app.domain.access.doors import PLACE, Door
from app.domain.base import Table, text_enum
from app.domain.exchange.changes.sources import SOURCES, ChangeKind
from app.sql import Statement


class Departure(Table, table=True):
    """That a unit, a teacher or an activity left the place where it was; written by the database alone.

    `left_…` is that former place. With a unit goes everything in it, with a teacher all that is about
    the teacher: these are not told one by one.
    """

    change_transaction: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("(pg_current_xact_id()::text::bigint)")},
    )
    change_sequence: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("nextval('change_sequence')")},
    )
    kind: ChangeKind = Field(sa_type=text_enum(ChangeKind))
    thing_id: UUID = Field(sa_type=Uuid)
    left_city_id: UUID = Field(sa_type=Uuid)
    left_county_id: UUID = Field(sa_type=Uuid)
    left_school_id: UUID | None = Field(default=None, sa_type=Uuid)


# What may be asked.


@lru_cache(maxsize=64)
def departures(shape: Shape) -> Statement:
    """What left the scope after a position, and did not come back into it."""
    columns = Departure.__table__.c  # type: ignore[attr-defined]
    transaction, sequence = columns.change_transaction, columns.change_sequence
    position = tuple_(
        bindparam("transaction", type_=BigInteger), bindparam("sequence", type_=BigInteger)
    )
    still_here = [
        (columns.kind == kind)
        & select(door.key)
        .where(door.key == columns.thing_id, within(shape, _own_place(door)), *door.present)
        .exists()
        for kind, door in SOURCES.items()
        if kind is not ChangeKind.CREDIT_ENTRY
    ]
    return Statement(
        select(
            columns.kind,
            columns.thing_id.label("id"),
            transaction.label("_transaction"),
            sequence.label("_sequence"),
        )
        .where(
            tuple_(transaction, sequence) > position,
            transaction < bindparam("horizon", type_=BigInteger),
            columns.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
            within(shape, {name: columns[f"left_{name}"] for name in PLACE}),
            ~or_(*still_here),
        )
        .order_by(transaction, sequence)
        .limit(bindparam("limit"))
    )


def _own_place(door: Door) -> dict[str, Any]:
    columns = door.table.__table__.c  # type: ignore[attr-defined]
    return {name: columns[name] for name in PLACE}
