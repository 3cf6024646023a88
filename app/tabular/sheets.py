"""Workbooks written as they go out: sheets of rows in an archive that is never gone back in.

The library that writes workbooks keeps a whole one until its end, on disk at best; a list of millions
of rows goes to whoever waits for it piece by piece. Once a sheet is full another follows it.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import IO, Any, Final, cast
from xml.sax.saxutils import escape, quoteattr

from app.tabular.columns import Column
from app.tabular.outlet import Outlet
from app.tabular.writing import Rows, text_of

ROWS_OF_SHEET: Final = 1_000_000
"""Rows of one sheet under its line of names; a spreadsheet shows 1,048,576."""
LONGEST: Final = 32_767
"""Characters that a cell of a spreadsheet may have; what is longer ends in an ellipsis there."""

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""Characters that XML has not, and the underscore that begins what would be read as one of them."""

_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="2" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)
_HEAD, _AMOUNT, _TEXT = 1, 2, 3


class XlsxWriter:
    """A workbook of one sheet, or of as many as its rows need."""

    def __init__(self, columns: Sequence[Column], *, rows_of_sheet: int = ROWS_OF_SHEET) -> None:
        self._names = [each.name for each in columns]
        self._heads = "".join(_text_cell(each.head, _HEAD) for each in columns)
        self._widths = "".join(
            f'<col min="{n}" max="{n}" width="{min(60, max(10, 2 * len(each.head)))}" style="{_TEXT}"'
            ' customWidth="1"/>'
            for n, each in enumerate(columns, 1)
        )
        self._most = rows_of_sheet
        self._out = Outlet()
        self._archive = zipfile.ZipFile(
            cast("IO[bytes]", self._out), "w", zipfile.ZIP_DEFLATED, compresslevel=1
        )
        self._sheets = 0
        self._rows = 0
        self._sheet = self._begin_sheet()

    def begin(self) -> bytes:
        """The first sheet with its line of names."""
        return self._out.take()

    def add(self, rows: Rows) -> bytes:
        """The next rows."""
        lines: list[str] = []
        for row in rows:
            if self._rows == self._most:
                self._write("".join(lines))
                lines.clear()
                self._end_sheet()
                self._sheet = self._begin_sheet()
            self._rows += 1
            cells = "".join([_cell(row.get(name)) for name in self._names])
            lines.append(f"<row>{cells}</row>")
        self._write("".join(lines))
        return self._out.take()

    def end(self) -> bytes:
        """The end of the last sheet, and what says which sheets there are."""
        self._end_sheet()
        for name, content in self._parts().items():
            self._archive.writestr(name, content)
        self._archive.close()
        return self._out.take()

    def _begin_sheet(self) -> IO[bytes]:
        self._sheets, self._rows = self._sheets + 1, 0
        # Its length is not known yet, so that the archive must be ready for more than 4 GB.
        sheet = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        head = (
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
            f"</sheetViews><cols>{self._widths}</cols><sheetData><row>{self._heads}</row>"
        )
        sheet.write(head.encode())
        return sheet

    def _end_sheet(self) -> None:
        self._write("</sheetData></worksheet>")
        self._sheet.close()

    def _write(self, text: str) -> None:
        self._sheet.write(text.encode())

    def _parts(self) -> Mapping[str, str]:
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="数据{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        parts = [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers]
        return {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _links([*links, ("rIdStyles", "styles", "styles.xml")]),
            "_rels/.rels": _links([("rId1", "officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _types(
                [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles"), *parts]
            ),
        }


def _links(links: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target={quoteattr(target)}/>'
        for key, kind, target in links
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _types(parts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{listed}</Types>'
    )


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Decimal):
        return f'<c s="{_AMOUNT}"><v>{value}</v></c>'
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return f"<c><v>{value}</v></c>"
    return _text_cell(text_of(value), _TEXT)


def _text_cell(text: str, style: int) -> str:
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    if not text.isalnum():
        text = escape(_UNWRITABLE.sub(_spelt, text))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _spelt(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
