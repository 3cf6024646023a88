"""Tables written as CSV, XLSX or JSON Lines: row by row, in constant memory, with nothing that runs.

A writer is told its rows some at a time and gives the bytes that are ready; what it has given it
forgets. Text that a spreadsheet would take for a formula is disarmed in CSV by an apostrophe, and is
text by its type in XLSX. Machines read JSON Lines, where everything is as it is.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any, Final, Protocol

import msgspec

from app.tabular.columns import Column

BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is taken for a formula by spreadsheets; an apostrophe before it ends that."""

_encode = msgspec.json.Encoder().encode

Rows = Iterable[Mapping[str, Any]]


class TableWriter(Protocol):
    """Writes one table; the bytes of all calls in their order are the file."""

    def begin(self) -> bytes:
        """What comes before the rows."""

    def add(self, rows: Rows) -> bytes:
        """The next rows; perhaps not all of them yet."""

    def end(self) -> bytes:
        """The rest."""


class CsvWriter:
    """CSV in UTF-8 with its mark, which spreadsheets need; lines end as RFC 4180 has them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._heads = [each.head for each in columns]
        self._names = [each.name for each in columns]

    def begin(self) -> bytes:
        """The mark and the line of names."""
        # Of a file that is handed back the names are its sender's.
        return b"\xef\xbb\xbf" + csv_lines([map(cell_of, self._heads)])

    def add(self, rows: Rows) -> bytes:
        """A line for each row."""
        names = self._names
        return csv_lines([cell_of(row.get(name)) for name in names] for row in rows)

    def end(self) -> bytes:
        """Nothing."""
        return b""


class JsonlWriter:
    """JSON Lines: an object for each row, its values as the interfaces give them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._names = [each.name for each in columns]

    def begin(self) -> bytes:
        """Nothing."""
        return b""

    def add(self, rows: Rows) -> bytes:
        """A line for each row."""
        names = self._names
        lines = [_encode({name: row.get(name) for name in names}) for row in rows]
        return b"\n".join([*lines, b""])

    def end(self) -> bytes:
        """Nothing."""
        return b""


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Cells that are text already, as lines of CSV."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def cell_of(value: Any) -> str:
    """A value as a cell of CSV; text that a spreadsheet would run as a formula is disarmed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(BEGINS_FORMULA) else value
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return str(value)
    text = text_of(value)
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


def text_of(value: Any) -> str:
    """A value in words: moments in UTC, texts of a list by semicolons, what is nested as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value)
    return _encode(value).decode() if isinstance(value, list | dict) else str(value)
