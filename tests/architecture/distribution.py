"""How each table would be distributed by city (Citus), worked out from the tables themselves."""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint

CITY = "city_id"


class Kind(StrEnum):
    """Where the rows of a table would lie."""

    LED = "led"
    """By its own `city_id`."""
    FOLLOWS = "follows"
    """With the row of another table to which each of its rows refers: it would get that one's `city_id`."""
    REFERENCE = "reference"
    """On every machine: it belongs to no city."""


def references(table: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    """What a table refers to, by which columns."""
    for each in table.constraints:
        if isinstance(each, ForeignKeyConstraint):
            yield tuple(each.column_keys), each.referred_table


def kinds(tables: MetaData) -> dict[str, Kind]:
    """The kind of each table."""
    found = {name: Kind.LED for name, table in tables.tables.items() if CITY in table.c}
    grows = True
    while grows:
        grows = False
        for name, table in tables.tables.items():
            if name not in found and any(
                to.name in found and not any(table.c[column].nullable for column in columns)
                for columns, to in references(table)
            ):
                found[name] = Kind.FOLLOWS
                grows = True
    return {name: found.get(name, Kind.REFERENCE) for name in tables.tables}


def unique_keys(table: Table) -> Iterator[tuple[str, ...]]:
    """What may be in a table once: primary key, unique constraints, unique indexes."""
    for each in table.constraints:
        if isinstance(each, UniqueConstraint | PrimaryKeyConstraint):
            yield tuple(each.columns.keys())
    for index in table.indexes:
        if index.unique:
            yield tuple(str(getattr(each, "name", each)) for each in index.expressions)


def is_kept_in_city(table: Table, key: tuple[str, ...], of: dict[str, Kind]) -> bool:
    """Whether a key means the same with `city_id` put in front.

    It does where it has that already, has a key that is made unique by itself (UUID version 7), names a unit,
    which lies in one city, or refers to another row that does: whatever else has that key lies there too.
    """
    if {CITY, "id", "unit_id"} & set(key):
        return True
    return any(
        set(columns) & set(key) and of[to.name] is not Kind.REFERENCE
        for columns, to in references(table)
    )
