"""Keyset pages: a list is read in the order of its keys, and a cursor says after which key to go on.

A page costs the same wherever it lies, and rows that come or go meanwhile neither repeat nor shift
it. The cursor is opaque to clients and carries no authority: every page is scoped anew.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_, select

from app.domain.errors import Invalid
from app.sql import Connection, Row, Statement

LARGEST_PAGE = 100


class BadCursor(Invalid):
    """The cursor was not made by this list, or was changed on its way."""

    code = "bad_cursor"
    zh = "分页游标无效，请从第一页重新开始。"
    en = "The cursor is not valid: start again from the first page."


class UnknownSort(Invalid):
    """The list cannot be sorted so."""

    code = "unknown_sort"
    zh = "不支持按“{sort}”排序，可用：{allowed}。"
    en = "This list cannot be sorted by '{sort}'; it can be by: {allowed}."


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is asked for: at most `limit` rows (1 to 100) after `cursor`.

    `sort` is one of the list's sorts, with a minus before it for descending; None is its default.
    """

    limit: int = 50
    cursor: str | None = None
    sort: str | None = None
    most: int = LARGEST_PAGE
    """How many rows there may be, whatever is asked; more where we read a whole list ourselves."""
    unread: bool = False
    """Whether the whole list is wanted, and not to be read yet: see `Unread`."""

    @property
    def for_file(self) -> bool:
        """Whether a file is made of the list for somebody to take along, and nobody reads it here."""
        return self.unread or self.most != LARGEST_PAGE

    @property
    def rows(self) -> int:
        """How many rows the page has at most."""
        return min(max(self.limit, 1), self.most)


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has in all, for whoever asks.

    Where a list was read for each of many owners, `count` counts those of as many as are given it.
    """

    count: Callable[[Connection, Sequence[Any]], Awaitable[Mapping[Any, int]]]
    owner: Any = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: its rows, and beside each the values of the keys that it is sorted by."""

    items: list[Row]
    keys: list[list[Any]]
    sort: str
    more: bool
    """Whether rows follow."""
    total: Total | None = None
    """Counts all rows of the list; None where nobody can tell."""

    @property
    def next(self) -> str | None:
        """The cursor of the following part, None at the end."""
        return self.cursor(-1) if self.more else None

    def cursor(self, position: int) -> str:
        """The cursor after the row at this position."""
        return encode_cursor(self.sort, self.keys[position])


class RowsWanted(Exception):
    """Somebody has looked for rows that were not read: the list is more than what its door reads."""


class Unread(list[Row]):
    """In place of the rows of a whole list: how they would be read, for who has the database write them.

    Whoever looks for rows here raises `RowsWanted`, so that nothing that is done with them is left out.
    """

    def __init__(self, statement: Statement, arguments: Mapping[str, Any]) -> None:
        super().__init__()
        self.statement, self.arguments = statement, arguments

    def _wanted(self, *_: Any) -> Any:
        raise RowsWanted

    __iter__ = __getitem__ = __len__ = __contains__ = __reversed__ = __add__ = copy = _wanted


def encode_cursor(sort: str, values: list[Any]) -> str:
    """The cursor after a row with these key values, in a list sorted so."""
    return urlsafe_b64encode(msgspec.json.encode([sort, *values])).decode().rstrip("=")


def decode_cursor(
    cursor: str, sort: str, kinds: list[type[Any]], *, longest: int = 1024
) -> list[Any]:
    """The key values inside a cursor, converted to the Python types of the sort's columns."""
    if len(cursor) > longest:
        raise BadCursor
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        content = msgspec.json.decode(urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(content, list) or len(content) != 1 + len(kinds) or content[0] != sort:
            raise BadCursor
        return [
            msgspec.convert(value, kind, strict=False)
            for value, kind in zip(content[1:], kinds, strict=True)
        ]
    except (ValueError, UnicodeError, msgspec.MsgspecError, RecursionError):
        raise BadCursor from None


def after(columns: list[ColumnElement[Any]], *, descending: bool) -> ColumnElement[bool]:
    """The predicate 'beyond the cursor' over the sort's columns; binds `after_0`, `after_1`, ….

    It is written as `a > x OR (a = x AND b > y)` with a leading bound on the first column, which an
    index on the columns can serve whatever their types.
    """
    bounds = [bindparam(f"after_{n}", type_=column.type) for n, column in enumerate(columns)]

    def beyond(n: int) -> ColumnElement[bool]:
        return columns[n] < bounds[n] if descending else columns[n] > bounds[n]

    alternatives = [
        and_(*(columns[m] == bounds[m] for m in range(n)), beyond(n)) for n in range(len(columns))
    ]
    if len(columns) == 1:
        return alternatives[0]
    edge = columns[0] <= bounds[0] if descending else columns[0] >= bounds[0]
    return and_(edge, or_(*alternatives))


class Keyset:
    """A list that no door reads, in one order: its rows, and by which of their columns it is sorted.

    These columns together tell each row from all others; text is compared by its bytes, whatever the
    database's language.
    """

    def __init__(self, rows: Select[Any], *, sort: str, keys: Mapping[str, type[Any]]) -> None:
        listed = rows.subquery("listed")
        order: list[Any] = [
            listed.c[name].collate("C") if kind is str else listed.c[name]
            for name, kind in keys.items()
        ]
        query = select(listed).order_by(*order).limit(bindparam("limit", type_=Integer))
        self._sort, self._keys = sort, dict(keys)
        self._first = Statement(query)
        self._following = Statement(query.where(after(order, descending=False)))

    async def page(self, db: Connection, request: PageRequest, given: Mapping[str, Any]) -> Page:
        """A part of it; of what is `given` its statement takes what it asks for."""
        if request.sort not in {None, self._sort}:
            raise UnknownSort(sort=request.sort[:40], allowed=self._sort)
        values: dict[str, Any] = {**given, "limit": request.rows + 1}
        if request.cursor is not None:
            keys = decode_cursor(request.cursor, self._sort, list(self._keys.values()))
            values |= {f"after_{n}": value for n, value in enumerate(keys)}
        statement = self._first if request.cursor is None else self._following
        rows = await db.all(statement, **statement.chosen(values))
        shown = rows[: request.rows]
        keys_of = [[row[name] for name in self._keys] for row in shown]
        return Page(shown, keys_of, self._sort, more=len(rows) > request.rows)
