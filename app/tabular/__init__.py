"""Tables as files: CSV, XLSX and JSON Lines, read from whoever sends them and written as they go out.

Knows nothing of the domain. What cannot be read is refused with a code and in words (`faults`), whatever
has been sent: the process stays alive, and holds no more than a few megabytes of it at a time.
"""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from app.tabular.columns import Column, column_of_field, names_by_head
from app.tabular.copied import Copying, copied_csv, copied_jsonl
from app.tabular.dates import date_of
from app.tabular.faults import UnreadableCell, UnreadableFile
from app.tabular.layout import Layout, filled_layout, position_of, read_layout
from app.tabular.outlet import Outlet
from app.tabular.rows import ROW, Limits, SourceRow
from app.tabular.sheets import XlsxWriter
from app.tabular.templates import columns_handed_back, row_handed_back, template_of
from app.tabular.text import csv_rows, jsonl_rows
from app.tabular.workbook import workbook_rows
from app.tabular.writing import CsvWriter, JsonlWriter, TableWriter, cell_of, csv_lines

__all__ = [
    "COPIED",
    "ROW",
    "Column",
    "Copying",
    "Layout",
    "Limits",
    "Outlet",
    "SourceRow",
    "TableWriter",
    "TabularFormat",
    "UnreadableCell",
    "UnreadableFile",
    "cell_of",
    "column_of_field",
    "columns_handed_back",
    "copying_of",
    "csv_lines",
    "date_of",
    "filled_layout",
    "is_workbook",
    "media_type_of",
    "names_by_head",
    "position_of",
    "read_layout",
    "read_rows",
    "read_some",
    "row_handed_back",
    "template_of",
    "writer_of",
]


class TabularFormat(StrEnum):
    """What kind of file a table is (文件格式)."""

    CSV = "csv"
    """首行为列名；UTF-8、GB18030 或 UTF-16"""
    XLSX = "xlsx"
    """工作簿的第一个可见工作表"""
    JSONL = "jsonl"
    """每行一个 JSON 对象"""


_OFFERED: Final = Limits()
_ZIP: Final = b"PK\x03\x04"
_WRITERS: Final[Mapping[TabularFormat, Callable[[Sequence[Column]], TableWriter]]] = {
    TabularFormat.CSV: CsvWriter,
    TabularFormat.XLSX: XlsxWriter,
    TabularFormat.JSONL: JsonlWriter,
}
COPIED: Final = {TabularFormat.CSV: copied_csv, TabularFormat.JSONL: copied_jsonl}
"""The kinds of files that the database can write by itself."""
_MEDIA_TYPES: Final = {
    TabularFormat.CSV: "text/csv; charset=utf-8; header=present",
    TabularFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TabularFormat.JSONL: "application/jsonl",
}


def read_rows(
    source: Path | BinaryIO,
    *,
    format: TabularFormat | None = None,
    expected: Collection[str] | None = None,
    limits: Limits = _OFFERED,
) -> Iterator[SourceRow]:
    """The rows of a file, one after the other; raises `UnreadableFile`, on the way too.

    `source` is a file that can be sought in; it is read from its beginning and left open. Without a
    `format` the content tells. `expected` are names of columns: the line of names is the first that
    has one of them, so that titles may stand above it; without, it is the first that is not empty.
    Whoever stops early closes the iterator, or lets go of it.
    """
    opened = source.open("rb") if isinstance(source, Path) else nullcontext(source)
    with opened as file:
        kind = _kind_of(file, format)
        if kind is TabularFormat.XLSX:
            yield from workbook_rows(file, limits, expected)
        elif kind is TabularFormat.CSV:
            yield from csv_rows(file, limits, expected)
        else:
            yield from jsonl_rows(file, limits)


def is_workbook(file: BinaryIO) -> bool:
    """Whether a file is read as a workbook, by a process of its own that may take much memory."""
    file.seek(0)
    return file.read(4) == _ZIP


async def read_some(rows: Iterator[SourceRow], count: int) -> AsyncGenerator[list[SourceRow]]:
    """The rows, so many at a time, read in a thread beside the event loop."""
    while some := await asyncio.to_thread(lambda: list(itertools.islice(rows, count))):
        yield some


def writer_of(format: TabularFormat, columns: Sequence[Column]) -> TableWriter:
    """What writes a table of these columns as such a file."""
    return _WRITERS[format](columns)


def copying_of(
    format: TabularFormat, kinds: Mapping[str, str], columns: Sequence[Column]
) -> Copying | None:
    """How the database writes such a file of columns of these kinds; None where only a writer can."""
    copied = COPIED.get(format)
    return None if copied is None else copied(kinds, columns)


def media_type_of(format: TabularFormat) -> str:
    """The media type of such a file as it is written here."""
    return _MEDIA_TYPES[format]


def _kind_of(file: BinaryIO, said: TabularFormat | None) -> TabularFormat:
    """What kind of file it is; one that is none of ours, or not what was said, is refused."""
    file.seek(0)
    head = file.read(8192)
    if not head:
        raise UnreadableFile("file_empty")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # A workbook with a password lies within a container of the old kind.
        sealed = "EncryptedPackage".encode("utf-16-le") in head + file.read(100_000)
        raise UnreadableFile("file_is_encrypted" if sealed else "file_is_xls")
    if head.startswith(_ZIP):
        if said not in {None, TabularFormat.XLSX}:
            raise UnreadableFile("file_not_text")
        return TabularFormat.XLSX
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:200].lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise UnreadableFile("file_is_html")
    if said is TabularFormat.XLSX:
        raise UnreadableFile("file_not_workbook")
    return said or (TabularFormat.JSONL if text.startswith(b"{") else TabularFormat.CSV)
