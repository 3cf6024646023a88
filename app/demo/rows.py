"""Rows on their way into the database."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import asyncpg
from sqlmodel import SQLModel

from app.domain.access.walled import WALLED


class Rows:
    """Rows that wait to be copied, by table; each table's rows have the same columns."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: type[SQLModel], **values: Any) -> None:
        """Put one row in the queue; columns that are not named take the table's server defaults."""
        self._waiting.setdefault(str(table.__tablename__), []).append(values)

    async def copy(self, connection: asyncpg.Connection) -> None:
        """Copy what waits, each table after those that it refers to."""
        for table in SQLModel.metadata.sorted_tables:
            rows = self._waiting.pop(table.name, None)
            if rows:
                names = tuple(rows[0])
                records = map(itemgetter(*names), rows)
                if table.name in WALLED:
                    await _copy_staged(connection, table.name, records, names)
                else:
                    await connection.copy_records_to_table(
                        table.name, records=records, columns=names
                    )


async def _copy_staged(
    connection: asyncpg.Connection,
    table: str,
    records: Iterable[tuple[Any, ...]],
    names: tuple[str, ...],
) -> None:
    """Copy by way of a temporary table: PostgreSQL copies into none that has policies."""
    listed = ", ".join(f'"{name}"' for name in names)
    await connection.execute(
        f"CREATE TEMPORARY TABLE staged AS SELECT {listed} FROM {table} WITH NO DATA"  # noqa: S608
    )
    await connection.copy_records_to_table("staged", records=records, columns=names)
    await connection.execute(
        f"INSERT INTO {table} ({listed}) SELECT * FROM staged; DROP TABLE staged"  # noqa: S608
    )
