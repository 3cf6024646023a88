"""Rows of a file, whatever kind it is of: the line of names found and checked, each row under it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from app.tabular.faults import UnreadableFile

HEAD_WITHIN: Final = 10
"""The line of names is looked for in so many rows, since a title often stands above it."""
ROW: Final = ""
"""Where a fault is of a row and not of one of its cells, it stands under this name."""

_NO_FAULTS: Final[Mapping[str, str]] = {}


class Limits(NamedTuple):
    """How much a file may hold."""

    rows: int = 2_000_000
    columns: int = 200
    cell: int = 10_000
    """Characters of a cell."""
    row: int = 1_000_000
    """Characters of a row."""


class SourceRow(NamedTuple):
    """A row of a file.

    `number` is what the program shows in which the file is kept: the row of a spreadsheet from 1,
    the line of names included; the line of JSON Lines. `cells` hold the text under each name as it
    is written (empty where nothing is); `faults` say by name what is wrong with a cell (or under
    `ROW` with the whole), as a code of `UnreadableCell`: such a cell means nothing.
    """

    number: int
    cells: dict[str, str]
    faults: Mapping[str, str] = _NO_FAULTS


class Record(NamedTuple):
    """A row before its cells have names: which column has which fault."""

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str]


class Merged(NamedTuple):
    """Merged cells: the last row they reach, and where they are."""

    row: int
    address: str


def clean_head(text: str) -> str:
    """The name of a column as it is meant: without line breaks, outer blanks and marks of duty."""
    return "".join(text.split("\n")).strip(" \t\r\u3000\xa0*＊")


def rows_of(
    records: Iterator[Record],
    limits: Limits,
    expected: Collection[str] | None,
    merged: Merged | None = None,
) -> Iterator[SourceRow]:
    """The rows under the line of names, empty ones left out."""
    head = _find_head(records, expected)
    if merged is not None and merged.row >= head.number:
        raise UnreadableFile("file_merged_cells", address=merged.address)
    names = _names_of(head, limits)
    width = len(names)
    columns = [(index, name) for index, name in enumerate(names) if name]
    whole = len(columns) == width
    count = 0
    for number, cells, faults in records:
        text = "".join(cells)
        if not text or text.isspace():
            continue
        count += 1
        if count > limits.rows:
            raise UnreadableFile("file_too_many_rows", most=limits.rows)
        if whole and len(cells) == width:
            named = dict(zip(names, cells, strict=True))
        else:
            named = {name: cells[at] if at < len(cells) else "" for at, name in columns}
        if faults or len(cells) != width or not whole or _is_doubtful(text, limits):
            yield SourceRow(number, named, _faults_of(names, cells, faults, limits))
        else:
            yield SourceRow(number, named)


def _find_head(records: Iterator[Record], expected: Collection[str] | None) -> Record:
    filled = 0
    for record in records:
        if any(cell.strip() for cell in record.cells):
            filled += 1
            if expected is None or any(clean_head(each) in expected for each in record.cells):
                return record
        if record.number >= HEAD_WITHIN and expected is not None:
            break
    if not filled:
        raise UnreadableFile("file_empty")
    raise UnreadableFile(
        "file_head_missing", most=HEAD_WITHIN, expected="、".join(sorted(expected or ()))
    )


def _names_of(head: Record, limits: Limits) -> list[str]:
    names = [clean_head(each) for each in head.cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise UnreadableFile("file_too_many_columns", most=limits.columns)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UnreadableFile("file_head_repeated", head=name[:40])
        if name:
            seen.add(name)
    return names


def _is_doubtful(text: str, limits: Limits) -> bool:
    """Whether the text of a row may hold a cell that means nothing; looked at closely only then."""
    return len(text) > limits.cell or "E+" in text or "e+" in text or "\0" in text


def _faults_of(
    names: Sequence[str], cells: Sequence[str], faults: Mapping[int, str], limits: Limits
) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, cell in enumerate(cells):
        code = faults.get(at) or fault_of(cell, limits)
        if at < len(names) and names[at]:
            if code:
                found[names[at]] = code
        elif cell.strip():
            found[ROW] = "row_wider_than_head"
    return found


def fault_of(cell: str, limits: Limits) -> str | None:
    """What is wrong with the text of one cell; None where nothing is."""
    if len(cell) > limits.cell:
        return "cell_too_long"
    if "\0" in cell:
        return "cell_not_text"
    return "cell_number_rounded" if _is_scientific(cell.strip()) else None


def _is_scientific(text: str) -> bool:
    """Whether it is what a spreadsheet makes of a long number, such as 1.10101E+17."""
    mantissa, _, exponent = text.upper().partition("E+")
    return exponent.isdecimal() and mantissa.replace(".", "", 1).isdecimal()
