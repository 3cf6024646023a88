"""Workbooks for tests: as programs write them, and as people who mean ill do."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter import Workbook

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sheet.main+xml"/></Types>'
)


def workbook(
    rows: Sequence[Sequence[Any]], finish: Callable[[Any, Any], None] | None = None
) -> bytes:
    """A workbook of one sheet with these rows; `finish` is given the workbook and the sheet."""
    content = io.BytesIO()
    book = Workbook(content, {"strings_to_formulas": False})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    if finish is not None:
        finish(book, sheet)
    book.close()
    return content.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            part = old.read(each)
            new.writestr(each, change(part) if each == name else part)
    return changed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def far_cell(content: bytes) -> bytes:
    """The workbook with one more cell, in the last row and the last column there can be."""
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return with_part(content, SHEET, lambda sheet: sheet.replace(b"</sheetData>", row))


def bomb(content: bytes) -> bytes:
    """The workbook with a sheet of 60 MB, which is hardly larger in its file."""
    return with_part(
        content,
        SHEET,
        lambda sheet: re.sub(rb"</sheetData>", b" " * 60_000_000 + b"</sheetData>", sheet),
    )
