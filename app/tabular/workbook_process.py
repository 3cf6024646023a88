"""The process that reads one workbook: its file is the standard input, its rows the standard output.

It is run as a script (by `workbook`), never imported, and knows nothing of the application. Each line that
it writes is JSON: `{"merged": [row, address]}` first, how far down merged cells reach (or null), then lists
of rows (`[number, cells, faults by column]`); `{"refused": code}` ends it. Run with `layout` it says more of
the sheet first: `{"sheet": name, "widths": [[first, last, width]], "merges": [address]}`.
"""

import datetime as dt
import re
import resource
import sys
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import python_calamine as calamine

MEMORY = 1_500_000_000
SECONDS = 60
INFLATED = 600_000_000
"""Bytes of all parts of a workbook together."""
RATIO = 200
"""How many times larger a part may be than it lies in the file; sheets of real registers stay below 40."""
PARTS = 2000
CHUNK = 200_000
"""Characters after which rows are sent on."""
LONGEST_CELL = 32_768
"""One character more than a spreadsheet lets a cell have: what is longer is cut off, and refused there."""
LONGEST_ROW = 4_000_000
"""Characters of a row: a shared text can stand in it thousands of times."""
MARKED = 200_000
"""Cells with formulas or errors that are told one by one."""

CELL = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*)>\s*(<(?:\w+:)?f[\s/>])?')
SUSPECT = re.compile(rb'<(?:\w+:)?f[\s/>]|t="e"')
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
ATTRIBUTE = re.compile(rb'(min|max|width)="([0-9.]{1,20})"')
MERGES = 500
"""Merged ranges of a form that are told; what has more is no form."""

Marked = dict[int, dict[int, str]]
"""Row and column of cells, and what is wrong with each."""

_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """Why the workbook is not read: a code."""


def limit_oneself() -> None:
    """Take no more memory, time or disk than this, whatever the file says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse what unpacks to far more than it can rightly hold, and what is no workbook."""
    parts = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused("file_not_workbook")
    swollen = any(
        part.file_size > 1_000_000 and part.file_size > RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if swollen or len(parts) > PARTS or sum(part.file_size for part in parts) > INFLATED:
        raise Refused("file_bomb")


def part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive in which the sheet with this name lies."""
    # The parser of this version of expat expands no entities without measure; the limits stand behind.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    keys = {each.get("name"): each.get(f"{LINKS}id") for each in book.iter(f"{MAIN}sheet")}
    targets = {each.get("Id"): each.get("Target", "") for each in links}
    target = targets[keys[sheet]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def marked_cells(archive: zipfile.ZipFile, part: str) -> Marked:
    """Which cells hold formulas or errors: the library gives what was computed, or nothing."""
    marked: Marked = {}
    tail = b""
    with archive.open(part) as content:
        while piece := content.read(1_000_000):
            text = tail + piece
            cut = max(text.rfind(b'r="'), len(text) - 5_000_000, 0)
            # What begins at the last address is looked at together with what follows it.
            text, tail = text[:cut], text[cut:]
            mark(text, marked)
        mark(tail, marked)
    return marked


def widths_of(archive: zipfile.ZipFile, part: str) -> list[tuple[int, int, float]]:
    """The widths of columns as the sheet has them: first and last column from 1, and the width."""
    with archive.open(part) as content:
        head = content.read(200_000).partition(b"<sheetData")[0]
    found = [dict(ATTRIBUTE.findall(each)) for each in COLUMN.findall(head)[:MERGES]]
    return [
        (int(float(each[b"min"])), int(float(each[b"max"])), float(each[b"width"]))
        for each in found
        if each.keys() >= {b"min", b"max", b"width"}
    ]


def mark(text: bytes, marked: Marked) -> None:
    """Add the cells of a part of a sheet."""
    if not SUSPECT.search(text):
        return
    for letters, number, attributes, formula in CELL.findall(text):
        if formula or b't="e"' in attributes:
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            row = marked.setdefault(int(number), {})
            row[column - 1] = "cell_formula" if formula else "cell_error"
    if len(marked) > MARKED:
        raise Refused("file_too_many_cells")


def text_of(value: Any) -> str:
    """A value as text: numbers as a spreadsheet shows them, days and moments as ISO 8601 has them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        shown = format(value, ".15g")
        return format(Decimal(shown), "f") if "e-" in shown else shown.upper()
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else str(value)
    return str(value)


def rounded(value: Any) -> bool:
    """Whether a number is so long that a spreadsheet has not kept all of it."""
    return isinstance(value, float) and abs(value) >= 1e15


def address_of(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Where a range is, as a spreadsheet writes it."""
    return ":".join(f"{letters_of(column)}{row + 1}" for row, column in (start, end))


def letters_of(column: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def send(message: Any) -> None:
    """Write one line."""
    sys.stdout.buffer.write(_encode(message) + b"\n")


def send_rows(sheet: calamine.CalamineSheet, marked: Marked) -> None:
    """Write the rows, a chunk in a line."""
    pending: list[Any] = []
    size = 0
    first = 0 if sheet.start is None else sheet.start[1]
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [""] * first + [
            each[:LONGEST_CELL] if type(each) is str else text_of(each) for each in values
        ]
        faults = marked.get(number, {})
        for column, value in enumerate(values, first):
            if type(value) is float and rounded(value):
                faults = {**faults, column: "cell_number_rounded"}
        length = sum(map(len, cells))
        if length > LONGEST_ROW:
            raise Refused("file_too_many_cells")
        size += 20 + length
        pending.append((number, cells, faults))
        if size > CHUNK:
            send(pending)
            pending, size = [], 0
    send(pending)


def read() -> None:
    """Read the workbook and write its rows."""
    with open(0, "rb", closefd=False) as source, zipfile.ZipFile(source) as archive:
        check_archive(archive)
        source.seek(0)
        book = calamine.load_workbook(source)
        shown = [
            each.name
            for each in book.sheets_metadata
            if each.visible is calamine.SheetVisibleEnum.Visible
            and each.typ is calamine.SheetTypeEnum.WorkSheet
        ]
        if not shown:
            raise Refused("file_empty")
        part = part_of(archive, shown[0])
        marked = marked_cells(archive, part)
        widths = widths_of(archive, part)
    sheet = book.get_sheet_by_name(shown[0])
    if "layout" in sys.argv[1:]:
        ranges = sheet.merged_cell_ranges or ()
        if len(ranges) > MERGES:
            raise Refused("file_too_many_cells")
        merges = [address_of(*each) for each in ranges]
        send({"sheet": shown[0], "widths": widths, "merges": merges})
    merged = max(sheet.merged_cell_ranges or (), key=lambda each: each[1][0], default=None)
    send({"merged": merged and (merged[1][0] + 1, address_of(*merged))})
    send_rows(sheet, marked)


def run() -> None:
    """Read it; whatever goes wrong is told by a code."""
    limit_oneself()
    try:
        read()
    except Refused as refused:
        send({"refused": str(refused)})
    except zipfile.BadZipFile:
        send({"refused": "file_cut_off"})
    except MemoryError:
        send({"refused": "file_too_many_cells"})
    except BaseException:  # noqa: BLE001  # A panic of the library is no Exception.
        send({"refused": "file_damaged"})


if __name__ == "__main__":
    run()
