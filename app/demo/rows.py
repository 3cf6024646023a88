"""Rows on their way into the database."""

from operator import itemgetter
from typing import Any

import asyncpg
from sqlmodel import SQLModel


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
                await connection.copy_records_to_table(
                    table.name, records=map(itemgetter(*names), rows), columns=names
                )
