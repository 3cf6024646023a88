"""Resealing (换钥重封): after a rotation, what older keys sealed is sealed anew, a batch at a time.

Which columns are sealed is read from the tables: each whose name ends in `_sealed`, for the context
`table|column|key`. A batch is one transaction; where the work stops, the next run goes on, since a
sealed value begins with the version of its key. What is written meanwhile has the newest key already.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Column, Integer, LargeBinary, Table, Uuid, bindparam, func, select
from sqlalchemy import update as change
from sqlmodel import SQLModel

from app.domain.people.identity import PersonalDataCipher
from app.sql import Connection, Statement

_SUFFIX = "_sealed"
FIRST = UUID(int=0)


class SealedColumn(NamedTuple):
    """A column of sealed values, and the key of its rows."""

    table: Table
    column: Column[bytes]
    key: Column[UUID]

    def context(self, row_key: UUID) -> str:
        """The place for which the value of a row is sealed."""
        return f"{self.table.name}|{self.column.name.removesuffix(_SUFFIX)}|{row_key}"


def sealed_columns() -> Iterator[SealedColumn]:
    """Every sealed column of every table."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.c:
            if column.name.endswith(_SUFFIX):
                (row_key,) = table.primary_key
                yield SealedColumn(table, column, row_key)


@lru_cache(maxsize=32)
def _older(sealed: SealedColumn) -> Statement:
    version = func.get_byte(sealed.column, 0)
    return Statement(
        select(sealed.key.label("key"), sealed.column.label("sealed"))
        .where(
            sealed.key > bindparam("after", type_=Uuid),
            version != bindparam("current", type_=Integer),
        )
        .order_by(sealed.key)
        .limit(bindparam("at_most", type_=Integer))
        .with_for_update()
    )


@lru_cache(maxsize=32)
def _renew(sealed: SealedColumn) -> Statement:
    fresh = (
        func.unnest(
            bindparam("keys", type_=ARRAY(Uuid)), bindparam("seals", type_=ARRAY(LargeBinary))
        )
        .table_valued("key", "sealed", name="fresh")
        .render_derived()
    )
    return Statement(
        change(sealed.table)
        .where(sealed.key == fresh.c.key)
        .values({sealed.column.name: fresh.c.sealed})
    )


@lru_cache(maxsize=32)
def _counted(sealed: SealedColumn) -> Statement:
    version = func.get_byte(sealed.column, 0)
    return Statement(
        select(version.label("version"), func.count().label("values"))
        .where(sealed.column.is_not(None))
        .group_by(version)
    )


# What may be asked.


async def count_seals(db: Connection) -> dict[int, int]:
    """How many values are sealed with each version of the key."""
    counts: dict[int, int] = {}
    for sealed in sealed_columns():
        for row in await db.all(_counted(sealed)):
            counts[row["version"]] = counts.get(row["version"], 0) + row["values"]
    return counts


# What may be done.


async def reseal_batch(
    db: Connection, *, sealed: SealedColumn, after: UUID, at_most: int, cipher: PersonalDataCipher
) -> UUID | None:
    """Seal anew the next rows of a column; the last of them, None where there is no further one."""
    bounds = {"after": after, "current": cipher.current, "at_most": at_most}
    rows = await db.all(_older(sealed), **bounds)
    if not rows:
        return None
    keys = [row["key"] for row in rows]
    places = map(sealed.context, keys)
    seals = [
        cipher.seal(cipher.open(row["sealed"], context=place), context=place)
        for row, place in zip(rows, places, strict=True)
    ]
    await db.run(_renew(sealed), keys=keys, seals=seals)
    last: UUID = keys[-1]
    return last
