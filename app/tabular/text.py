"""Files of text: CSV as spreadsheets and databases write it, and JSON Lines; in constant memory."""

import csv
import io
import itertools
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, TextIO

import msgspec

from app.tabular.encoding import encoding_of
from app.tabular.faults import UnreadableFile
from app.tabular.rows import HEAD_WITHIN, ROW, Limits, Record, SourceRow, fault_of, rows_of

_DELIMITERS: Final = (",", "\t", ";")
_NO_FAULTS: Final[dict[int, str]] = {}


def csv_rows(
    file: BinaryIO, limits: Limits, expected: Collection[str] | None
) -> Iterator[SourceRow]:
    """The rows of a CSV file; the delimiter is a comma, a tab or a semicolon, whichever it uses."""
    with _lines_of(file, limits) as lines:
        yield from rows_of(_records(lines), limits, expected)


def _records(lines: "_Lines") -> Iterator[Record]:
    first = list(itertools.islice(lines, HEAD_WITHIN))
    lines.begin_record()
    reader = csv.reader(itertools.chain(first, lines), delimiter=_delimiter_of(first), strict=True)
    number, width = 0, 0
    cells: list[str] = []
    try:
        for number, cells in enumerate(reader, 1):
            lines.begin_record()
            width = max(width, len(cells)) if number <= HEAD_WITHIN else width
            yield Record(number, cells, _NO_FAULTS)
    except csv.Error as error:
        raise _malformed(str(error), number + 1) from None
    if number > 1 and 0 < len(cells) < width and not lines.ended:
        raise UnreadableFile("file_cut_off")


def _malformed(reason: str, number: int) -> UnreadableFile:
    if "unexpected end" in reason:
        return UnreadableFile("file_cut_off")
    if "larger than" in reason:
        return UnreadableFile("file_row_too_long", number=number)
    return UnreadableFile("file_quotes_malformed", number=number)


def _delimiter_of(lines: list[str]) -> str:
    """The delimiter of which the fullest of the first lines has most."""
    counts = {each: max((line.count(each) for line in lines), default=0) for each in _DELIMITERS}
    return max(counts, key=lambda each: counts[each])


def jsonl_rows(file: BinaryIO, limits: Limits) -> Iterator[SourceRow]:
    """The lines of JSON Lines; numbers keep the digits they are written with."""
    with _lines_of(file, limits) as lines:
        yield from _objects(lines, limits)


def _objects(lines: "_Lines", limits: Limits) -> Iterator[SourceRow]:
    decode = msgspec.json.Decoder(float_hook=str).decode
    count = 0
    for number, line in enumerate(lines, 1):
        lines.begin_record()
        if not line.strip():
            continue
        count += 1
        if count > limits.rows:
            raise UnreadableFile("file_too_many_rows", most=limits.rows)
        try:
            values = decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            if not lines.ended:
                raise UnreadableFile("file_cut_off") from None
            values = None
        yield _json_row(number, values, limits)
    if not count:
        raise UnreadableFile("file_empty")


def _json_row(number: int, values: Any, limits: Limits) -> SourceRow:
    if not isinstance(values, dict):
        return SourceRow(number, {}, {ROW: "row_malformed"})
    if len(values) > limits.columns:
        raise UnreadableFile("file_too_many_columns", most=limits.columns)
    cells: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        text = _text_of(value)
        fault = "cell_not_text" if text is None else fault_of(text, limits)
        cells[name] = text or ""
        if fault is not None:
            faults[name] = fault
    return SourceRow(number, cells, faults) if faults else SourceRow(number, cells)


def _text_of(value: Any) -> str | None:
    """A value of JSON in one cell; a list of texts is joined by semicolons; None: it has no place."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ";".join(value)
    return None


class _Lines:
    """The lines of a text, none of them longer than a row may be.

    `ended` says whether the last of them ended with a line break, or was cut off perhaps.
    """

    def __init__(self, text: TextIO, longest: int) -> None:
        self._text = text
        self._longest = longest
        self._room = longest
        self._number = 0
        self.ended = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._room + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._room -= len(line)
        if self._room < 0:
            raise UnreadableFile("file_row_too_long", number=self._number)
        if "\0" in line:
            raise UnreadableFile("file_not_text")
        self.ended = line[-1] in "\r\n"
        return line

    def begin_record(self) -> None:
        """What comes now belongs to another row."""
        self._room = self._longest


@contextmanager
def _lines_of(file: BinaryIO, limits: Limits) -> Iterator[_Lines]:
    """The lines of a file, which stays open: it belongs to somebody else."""
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        yield _Lines(text, limits.row)
    finally:
        text.detach()
