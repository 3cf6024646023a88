"""A list read for an export: all of it, page by page, as its faces would show it to who asks."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.access.actors import Actor
from app.domain.base import civil_date
from app.domain.errors import NotFound
from app.domain.exchange.exports.listed import LISTS, Listed
from app.domain.paging import Page, PageRequest, RowsWanted, UnknownSort, Unread
from app.sql import Connection, Row
from app.tabular import COPIED, Column, TableWriter, TabularFormat, copying_of, writer_of

ROWS_AT_ONCE: Final = 2000
BYTES_AT_ONCE: Final = 1 << 19


class ListNotExportable(NotFound):
    """There is no list of this name, or it is none of rows."""

    code = "export_list_unknown"
    zh = "没有名为“{list}”的可导出清单。"
    en = "There is no list called {list} that can be exported."


@dataclass(frozen=True)
class Wanted:
    """What is wanted of which list, understood and allowed for; as which kind of file."""

    listed: Listed
    arguments: dict[str, Any]
    columns: Sequence[Column]
    sort: str | None
    format: TabularFormat

    @classmethod
    def of(
        cls,
        name: str,
        parameters: Sequence[tuple[str, str]],
        *,
        columns: Sequence[str] | None,
        sort: str | None,
        format: TabularFormat,
    ) -> "Wanted":
        """Refused where the list, a parameter or a column is unknown, or a value is none."""
        listed = LISTS.get(name)
        if listed is None:
            raise ListNotExportable(list=name if name.isidentifier() and len(name) < 61 else "?")
        if sort is not None and "page" not in listed.given:
            raise UnknownSort(sort=sort[:40], allowed="-")
        return cls(listed, listed.arguments(parameters), listed.chosen(columns), sort, format)

    async def read(
        self,
        db: Connection,
        actor: Actor,
        *,
        now: datetime,
        limit: int,
        cursor: str | None = None,
        unread: bool = False,
    ) -> Page | Sequence[Row]:
        """One page of it, or the whole where the list has none; refused as the list is."""
        given: dict[str, Any] = {
            "now": now,
            "today": civil_date(now),
            "for_file": True,
            "page": PageRequest(limit, cursor, self.sort, most=limit, unread=unread),
        }
        wanted = {name: given[name] for name in self.listed.given & given.keys()}
        return await self.listed.read(db, actor, **wanted, **self.arguments)

    async def rows(
        self, db: Connection, actor: Actor, *, now: datetime
    ) -> AsyncIterator[Sequence[Row]]:
        """All of its rows, some at a time: within one read-only transaction, of one state."""
        cursor = None
        while True:
            found = await self.read(db, actor, now=now, limit=ROWS_AT_ONCE, cursor=cursor)
            if not isinstance(found, Page):
                yield found
                return
            yield found.items
            cursor = found.next
            if cursor is None:
                return

    async def pieces(
        self, db: Connection, actor: Actor, *, now: datetime
    ) -> AsyncGenerator[tuple[bytes, int]]:
        """The file, and with each piece how many rows are in it; the first may be refused."""
        writer = writer_of(self.format, self.columns)
        begun = writer.begin()
        async for piece, rows in self._parts(db, actor, writer, now):
            yield begun + piece, rows
            begun = b""
        yield begun + writer.end(), 0

    async def _parts(
        self, db: Connection, actor: Actor, writer: TableWriter, now: datetime
    ) -> AsyncGenerator[tuple[bytes, int]]:
        """What lies between beginning and end: written by the database where it can, which is faster."""
        whole = await self._unread(db, actor, now)
        copying = None
        if whole is not None:
            copying = copying_of(self.format, await db.kinds(whole.statement), self.columns)
        if whole is None or copying is None:
            async for found in self.rows(db, actor, now=now):
                yield writer.add(found), len(found)
            return
        lines = copying.lines()
        copied = db.copied(whole.statement, copying.cells, copying.options, **whole.arguments)
        async with aclosing(copied):
            held, rows = bytearray(), 0
            async for piece in copied:
                taken, ended = lines.take(piece)
                held += taken
                rows += ended
                if len(held) >= BYTES_AT_ONCE:
                    yield bytes(held), rows
                    held, rows = bytearray(), 0
            yield bytes(held), rows

    async def _unread(self, db: Connection, actor: Actor, now: datetime) -> Unread | None:
        """The whole list as its door would read it; None where it is more than that, or no such list."""
        if self.format not in COPIED or "page" not in self.listed.given:
            return None
        with suppress(RowsWanted):
            found = await self.read(db, actor, now=now, limit=ROWS_AT_ONCE, unread=True)
            if isinstance(found, Page) and isinstance(found.items, Unread):
                return found.items
        return None
