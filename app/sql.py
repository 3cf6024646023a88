"""The ground floor: a connection with its transaction, and statements compiled once.

SQLModel describes the tables, SQLAlchemy Core composes statements from them, asyncpg executes them.
This file joins the last two and knows nothing of the domain. A `Statement` is compiled when it is made
(about 300 µs): make it at import or keep it by its shape (`functools.lru_cache`); running it costs little
more than the same SQL written by hand.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uuid_utils
from asyncpg.exceptions import (
    CheckViolationError,
    DataError,
    ExclusionViolationError,
    ForeignKeyViolationError,
    IntegrityConstraintViolationError,
    QueryCanceledError,
    RaiseError,
    UniqueViolationError,
)
from sqlalchemy import ARRAY, TableClause, bindparam, func, insert, select, update
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.base import Executable

from app.codecs import prepare_connection
from app.copying import LONGEST, as_copied, copy_pieces
from app.wall import worded

__all__ = [
    "LOST",
    "PASSING",
    "CheckViolationError",
    "Connection",
    "DataError",
    "ExclusionViolationError",
    "ForeignKeyViolationError",
    "IntegrityConstraintViolationError",
    "QueryCanceledError",
    "RaiseError",
    "Row",
    "Statement",
    "UniqueViolationError",
    "new_id",
    "prepare_connection",
]

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises where the server is gone, is starting or stopping, or has no room."""
PASSING = (
    OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError, asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError, asyncpg.LockNotAvailableError,
)  # fmt: skip
"""What may be over a little later: the server is away or full, or two writers were in each other's way."""
Row = dict[str, Any]
"""One row as a plain dictionary, column label to value; it goes to the client as it came."""
_encode = msgspec.json.Encoder().encode
_DIALECT = asyncpg_dialect(json_serializer=lambda value: _encode(value).decode())  # type: ignore[no-untyped-call]


def new_id() -> UUID:
    """A new key: UUID version 7, so that keys made later sort later and indexes stay dense."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


class Statement:
    """SQL text with the order and the conversion of its arguments, ready for asyncpg.

    Arguments are given by the names of the clause's bind parameters; a literal in it keeps its value.
    A missing or unknown name raises `KeyError`. `beyond` is why it looks beyond the wall (`app.wall`).
    """

    __slots__ = ("_arguments", "_names", "required", "text")

    def __init__(self, clause: Executable, *, beyond: str | None = None) -> None:
        compiled: Any = clause.compile(  # type: ignore[attr-defined]
            dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
        )
        self.text: str = worded(compiled.string, beyond)
        processors = compiled._bind_processors  # noqa: SLF001  the compiler offers no public name
        self._arguments = [
            (name, compiled.params.get(name), processors.get(name))
            for name in compiled.positiontup or ()
        ]
        self._names = frozenset(name for name, _, _ in self._arguments)
        self.required = frozenset(
            name
            for name in compiled.positiontup or ()
            if name in compiled.binds and compiled.binds[name].required
        )
        """The names of what it must be given."""

    def chosen(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of these values, those that it must be given."""
        return {name: values[name] for name in self.required}

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order in which the text numbers them."""
        if not values.keys() >= self.required:
            raise KeyError(f"missing: {sorted(self.required - values.keys())}")
        if not values.keys() <= self._names:
            raise KeyError(f"unknown: {sorted(values.keys() - self._names)}")
        return [
            process(values.get(name, default)) if process else values.get(name, default)
            for name, default, process in self._arguments
        ]


class Connection:
    """One database connection and the transaction it is in; the domain's only way to the data.

    It is not for concurrent use: whoever shares one between tasks serialises them.
    """

    __slots__ = ("_driver", "statements")

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver
        self.statements = 0
        """How many statements were run; tests assert budgets with it."""

    async def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        """Every row of the answer."""
        records = await self.records(statement, **values)
        rows: list[Row] = [{} for _ in records]
        # A third of the time of `dict(record)`, which looks every value up by its name.
        for index, name in enumerate(records[0].keys() if records else ()):
            for row, record in zip(rows, records, strict=True):
                row[name] = record[index]
        return rows

    async def records(self, statement: Statement, /, **values: Any) -> list[Any]:
        """Every row as the driver has it: read by name, never changed; a quarter cheaper than `all`."""
        self.statements += 1
        records: list[Any] = await self._driver.fetch(statement.text, *statement.arguments(values))
        return records

    async def one(self, statement: Statement, /, **values: Any) -> Row | None:
        """The first row of the answer, or None where there is none."""
        self.statements += 1
        record = await self._driver.fetchrow(statement.text, *statement.arguments(values))
        return None if record is None else dict(record)

    async def value(self, statement: Statement, /, **values: Any) -> Any:
        """The first column of the first row, or None."""
        self.statements += 1
        return await self._driver.fetchval(statement.text, *statement.arguments(values))

    async def run(self, statement: Statement, /, **values: Any) -> int:
        """Run a write; the number of rows it touched."""
        self.statements += 1
        status = await self._driver.execute(statement.text, *statement.arguments(values))
        return int(status.rpartition(" ")[2])

    async def insert(self, table: Any, row: Mapping[str, Any]) -> None:
        """Insert one row; columns that `row` leaves out take the table's server defaults."""
        self.statements += 1
        statement = _insert_one(table, tuple(row))
        await self._driver.execute(statement.text, *statement.arguments(row))

    async def insert_all(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows of the same columns with one statement, each column as one array."""
        if not rows:
            return
        self.statements += 1
        names = tuple(rows[0])
        statement = _insert_many(table, names)
        columns = {name: [row[name] for row in rows] for name in names}
        await self._driver.execute(statement.text, *statement.arguments(columns))

    async def copy(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows of the same columns by COPY, which is the fastest way in."""
        if not rows:
            return
        self.statements += 1
        lines = "".join("\t".join(map(as_copied, row.values())) + "\n" for row in rows)
        await self._driver.copy_to_table(
            table.__table__.name,
            source=BytesIO(lines.encode()),
            columns=list(rows[0]),
            format="text",
        )

    async def change(self, table: Any, row_id: UUID, values: Mapping[str, Any]) -> None:
        """Change these columns of the row with this key; nothing is run where none is named."""
        if not values:
            return
        self.statements += 1
        statement = _update_one(table, tuple(sorted(values)))
        await self._driver.execute(statement.text, *statement.arguments({_ROW: row_id, **values}))

    @asynccontextmanager
    async def planned_anew(self) -> AsyncIterator[None]:
        """Within a transaction, statements planned for their values and for the tables as they are by now.

        For reads by many keys of tables that grow meanwhile: a plan that is kept from when they were
        empty goes through all of them. Each costs a fraction of a millisecond more.
        """
        await self._driver.execute(_EACH_ANEW)
        yield
        await self._driver.execute(_AS_EVER)

    async def check(self) -> None:
        """Ask the server for next to nothing, and see that it answers."""
        await self._driver.fetchval("SELECT 1")

    async def position(self) -> int:
        """The place in the write-ahead log up to which the primary has written it down (its LSN)."""
        return int(await self._driver.fetchval(_POSITION))

    async def stream(self, statement: Statement, /, **values: Any) -> AsyncIterator[Row]:
        """The rows one by one through a server-side cursor, in constant memory."""
        self.statements += 1
        cursor = self._driver.cursor(statement.text, *statement.arguments(values), prefetch=1000)
        async for record in cursor:
            yield dict(record)

    async def kinds(self, statement: Statement) -> dict[str, str]:
        """The columns of the answer, and of which of PostgreSQL's types each is."""
        self.statements += 1
        prepared = await self._driver.prepare(statement.text)
        return {each.name: each.type.name for each in prepared.get_attributes()}

    async def copied(
        self, statement: Statement, cells: str, options: Mapping[str, str], /, **values: Any
    ) -> AsyncGenerator[bytes]:
        """What COPY writes of `cells`, expressions over the columns of the statement, piece by piece.

        The rows come in the statement's order and are never all in memory: the server waits while
        nobody takes a piece, at most `copying.PATIENCE` seconds. Within a transaction only, which lasts
        as long as the pieces are taken; who leaves early can but roll it back.
        """
        self.statements += 1
        await self._driver.execute(_NO_HASTE)
        query = f"SELECT {cells} FROM ({statement.text}) AS listed"  # noqa: S608  both are ours
        pieces = copy_pieces(self._driver, query, statement.arguments(values), options)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    @asynccontextmanager
    async def transaction(
        self, *, read_only: bool = False, isolation: str | None = None
    ) -> AsyncIterator["Connection"]:
        """A transaction, or a savepoint within one: committed at the end, undone by any exception."""
        async with self._driver.transaction(readonly=read_only, isolation=isolation):
            yield self


_EACH_ANEW = "SET LOCAL plan_cache_mode = force_custom_plan"
_AS_EVER = "SET LOCAL plan_cache_mode = auto"
_POSITION = "SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"
_NO_HASTE = f"SET LOCAL statement_timeout = '{LONGEST}s'"
"""One statement copies for as long as somebody takes pieces; that somebody does is seen to otherwise."""


def _bare(table: Any, names: tuple[str, ...]) -> TableClause:
    """The table with just these columns and without defaults of Python's, which nobody would run."""
    description = table.__table__
    return bare_table(
        description.name, *(bare_column(name, description.c[name].type) for name in names)
    )


@lru_cache(maxsize=256)
def _insert_one(table: Any, names: tuple[str, ...]) -> Statement:
    bare = _bare(table, names)
    values = {column.name: bindparam(column.name, type_=column.type) for column in bare.c}
    return Statement(insert(bare).values(values))


_ROW = "the row"  # the parameter that says which one is changed; no column is called that


@lru_cache(maxsize=256)
def _update_one(table: Any, names: tuple[str, ...]) -> Statement:
    bare = _bare(table, ("id", *names))
    values = {name: bindparam(name, type_=bare.c[name].type) for name in names}
    chosen = update(bare).where(bare.c.id == bindparam(_ROW, type_=bare.c.id.type))
    return Statement(chosen.values(values))


@lru_cache(maxsize=256)
def _insert_many(table: Any, names: tuple[str, ...]) -> Statement:
    bare = _bare(table, names)
    # One dimension: what is a list itself (jsonb) is one value of its column, not more rows.
    arrays = [bindparam(c.name, type_=ARRAY(c.type, dimensions=1)) for c in bare.c]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return Statement(insert(bare).from_select(names, select(*(rows.c[name] for name in names))))
