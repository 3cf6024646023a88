"""A form as a workbook: what stands where on its first sheet, and the same sheet with numbers filled in.

Kept are the texts and numbers with their positions, the widths of columns and the merged ranges. Not kept are
fonts, borders, colours, heights of rows, formats of numbers, print settings, comments, and other sheets.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook

from app.tabular.faults import UnreadableFile
from app.tabular.rows import Limits
from app.tabular.workbook import workbook_layout

_FORM: Final = Limits(rows=300, columns=60)
"""A form is a page or two: more rows are a register."""
_ADDRESS: Final = re.compile(r"([A-Z]{1,2})([1-9][0-9]{0,3})")
_WIDEST: Final = 255
_UNNAMED: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Position = tuple[int, int]
"""A row and a column, from 0."""


@dataclass(frozen=True)
class Layout:
    """What a sheet looks like; `computed` are the cells that hold formulas or errors."""

    sheet: str
    cells: dict[Position, str]
    widths: list[tuple[int, int, float]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    computed: frozenset[Position] = frozenset()

    def merged_at(self, position: Position) -> str | None:
        """The merged range in which a cell lies; None where it stands by itself."""
        row, column = position
        for area, ((top, left), (bottom, right)) in _areas(self.merges):
            if top <= row <= bottom and left <= column <= right:
                return area
        return None

    def as_data(self) -> dict[str, Any]:
        """The layout as it is kept."""
        cells = [[row, column, text] for (row, column), text in sorted(self.cells.items())]
        widths = [list(each) for each in self.widths]
        return {"sheet": self.sheet, "cells": cells, "widths": widths, "merges": self.merges}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Layout":
        """The layout as it was kept."""
        return cls(
            sheet=data["sheet"],
            cells={(row, column): text for row, column, text in data["cells"]},
            widths=[(first, last, width) for first, last, width in data["widths"]],
            merges=list(data["merges"]),
        )


def position_of(address: str) -> Position | None:
    """The row and the column of an address such as B4; None for what is none."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _areas(merges: Iterable[str]) -> Iterator[tuple[str, tuple[Position, Position]]]:
    """Merged ranges with their first and last cells, which may lie a million cells apart."""
    for area in merges:
        first, _, last = area.partition(":")
        start, end = position_of(first), position_of(last or first)
        if start is not None and end is not None:
            yield area, (start, end)


def read_layout(file: BinaryIO) -> Layout:
    """What the first visible sheet of a workbook looks like; raises `UnreadableFile`."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise UnreadableFile("file_not_workbook")
    looks, records = workbook_layout(file, _FORM)
    cells = {
        (record.number - 1, column): text
        for record in records
        for column, text in enumerate(record.cells)
        if text
    }
    if not cells:
        raise UnreadableFile("file_empty")
    computed = frozenset(
        (record.number - 1, int(column))
        for record in records
        for column, code in record.faults.items()
        if code in {"cell_formula", "cell_error"}
    )
    widths = [(first, last, min(width, _WIDEST)) for first, last, width in looks["widths"]]
    return Layout(looks["sheet"], cells, widths, _apart(looks["merges"]), computed)


def _apart(merges: Iterable[str]) -> list[str]:
    """Merged ranges of which none lies over another: a spreadsheet has no such, only a crafted file."""
    kept: list[tuple[str, tuple[Position, Position]]] = []
    for area, ((top, left), (bottom, right)) in _areas(merges):
        if all(
            bottom < above or top > below or right < before or left > behind
            for _, ((above, before), (below, behind)) in kept
        ):
            kept.append((area, ((top, left), (bottom, right))))
    return [area for area, _ in kept]


def filled_layout(layout: Layout, values: Mapping[Position, Decimal | int | str | None]) -> bytes:
    """The sheet as a workbook, with these values in their cells; nothing in it runs."""
    made = BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_sheet_name(layout.sheet))
        for first, last, width in layout.widths:
            if first <= _FORM.columns:
                # The library adds its own five of seven pixels, which the width has already.
                sheet.set_column(first - 1, min(last, _FORM.columns) - 1, max(width - 5 / 7, 0))
        for _, (start, (bottom, right)) in _areas(_apart(layout.merges)):
            # Cell by cell is how the library merges: what no form reaches is left out.
            end = min(bottom, _FORM.rows - 1), min(right, _FORM.columns - 1)
            if start < end and start[1] <= end[1]:
                sheet.merge_range(*start, *end, "")
        for (row, column), text in layout.cells.items():
            _write(sheet, row, column, _number_of(text))
        for (row, column), value in values.items():
            _write(sheet, row, column, value)
    return made.getvalue()


def _sheet_name(name: str) -> str:
    """The name of a sheet as a spreadsheet lets it be: others write names that it refuses."""
    return _UNNAMED.sub("-", name)[:31].strip("'")


def _number_of(text: str) -> Decimal | str:
    """What stands in a cell: a number where it is one and nothing more, else its text."""
    return Decimal(text) if re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?", text) else text


def _write(sheet: Any, row: int, column: int, value: Decimal | int | str | None) -> None:
    if value is None:
        sheet.write_blank(row, column, None)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, float(value))
