"""A report as a DOCX document: loaded when one is asked for, for the library takes its time."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from app.domain.quality.reports.charts import Picture
from app.domain.quality.reports.contents import Listing, days_line, listings_of, stamp_of
from app.sql import Row

_SERIF, _SANS = "宋体", "黑体"
_SMALL, _PLAIN = Pt(8), Pt(12)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML has not: a title or a name may hold one, pasted from anywhere."""
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in the archive: a content is told by what it says, not by when it was made."""


def docx_of(report: Row, pictures: Sequence[Picture]) -> bytes:
    """The document, the same bytes for the same report."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    _letters(document.styles["Normal"], _SERIF)
    document.styles["Normal"].font.size = _PLAIN
    for name in ("Title", "Heading 1"):
        _letters(document.styles[name], _SANS)
    if stamp := stamp_of(report):
        page.header.paragraphs[0].text = _said(stamp)
    document.add_heading(_said(report["title"]), 0)
    document.add_paragraph(days_line(report))
    for section in report["sections"]:
        document.add_heading(_said(section["heading"]), 1)
        for line in section["rendered"].splitlines():
            document.add_paragraph(_said(line)).paragraph_format.first_line_indent = Pt(24)
    for listing in listings_of(report):
        _docx_listing(document, listing)
    if pictures:
        document.add_heading("图表", 1)
    for picture in pictures:
        document.add_picture(BytesIO(picture.content), width=Cm(15.5))
        document.add_paragraph(_said(picture.chart.note))
    about, moment = document.core_properties, report["known_at"].replace(tzinfo=None)
    unit = _said(report["unit_name"])
    about.title, about.author, about.created = _said(report["title"]), unit, moment
    about.modified, about.last_modified_by, about.comments = moment, unit, ""
    return _packed_alike(document)


def _said(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _letters(style: Any, name: str) -> None:
    """The font of a style, for Chinese letters as for others."""
    style.font.name = name
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _docx_listing(document: Any, listing: Listing) -> None:
    document.add_heading(_said(listing.heading), 1)
    for line in listing.lines:
        document.add_paragraph(_said(line))
    if not listing.rows:
        return
    table = document.add_table(rows=1 + len(listing.rows), cols=len(listing.heads))
    table.style = "Table Grid"
    # Cells are looked up row by row: asked for one by one, each costs a walk over the whole table.
    for row, values in zip(table.rows, (listing.heads, *listing.rows), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            run = cell.paragraphs[0].add_run(_said(value))
            run.font.size = _SMALL


def _packed_alike(document: Any) -> bytes:
    """The document as an archive without the time at which it was packed."""
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    with ZipFile(loose) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as alike:
        for name in archive.namelist():
            alike.writestr(ZipInfo(name, _SAME_TIME), archive.read(name), ZIP_DEFLATED)
    return packed.getvalue()
