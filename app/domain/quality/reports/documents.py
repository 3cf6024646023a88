"""Files of a report: PDF, DOCX with pictures, XLSX with charts of its own; made anew from what was frozen."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from xlsxwriter import Workbook

from app.domain.access.actors import Actor
from app.domain.base import SHANGHAI
from app.domain.credits.certificates.documents import Typesetter
from app.domain.quality.reports.charts import (
    Chart,
    ChartCode,
    ChartForm,
    ChartShape,
    Plotter,
    ReportChartNotFound,
    charts_of,
)
from app.domain.quality.reports.contents import (
    Listing,
    counted_in_words,
    days_line,
    listings_of,
    stamp_of,
)
from app.domain.quality.reports.report import get_report
from app.sql import Connection, Row


class Picture(NamedTuple):
    """A chart as it was drawn."""

    chart: Chart
    content: bytes


def file_name(report: Row, form: str) -> str:
    """What the file is called: the title and the period."""
    title = "".join("-" if each in '\\/:*?"<>|' else each for each in report["title"])
    return f"{title}-{report['since']}-{report['until']}.{form}"


# PDF.


async def get_report_pdf(
    db: Connection, actor: Actor, *, report_id: UUID, typesetter: Typesetter, plotter: Plotter
) -> tuple[str, bytes]:
    """A report in PDF/A, to be printed: its file name and its content."""
    report = await get_report(db, actor, report_id=report_id)
    pictures = await _pictures(report, plotter, ChartForm.SVG)
    contents = {
        "title": report["title"],
        "unit": report["unit_name"],
        "stamp": stamp_of(report),
        "days": days_line(report),
        "footer": f"{report['unit_name']}　{report['title']}",
        "sections": [
            {"heading": each["heading"], "lines": each["rendered"].splitlines()}
            for each in report["sections"]
        ],
        "tables": [each._asdict() for each in listings_of(report)],
        "pictures": [
            {"svg": each.content.decode(), "alt": f"{each.chart.title}：{each.chart.note}"}
            for each in pictures
        ],
    }
    made = await typesetter.typeset("report", contents, at=report["known_at"])
    return file_name(report, "pdf"), made


async def _pictures(report: Row, plotter: Plotter, form: ChartForm) -> list[Picture]:
    return [Picture(chart, await plotter.draw(chart, form=form)) for chart in charts_of(report)]


async def get_report_chart(
    db: Connection,
    actor: Actor,
    *,
    report_id: UUID,
    code: ChartCode,
    form: ChartForm,
    plotter: Plotter,
) -> tuple[str, bytes]:
    """One chart of a report as SVG or PNG: its file name and its content."""
    report = await get_report(db, actor, report_id=report_id)
    for chart in charts_of(report):
        if chart.code is code:
            return f"{chart.title}.{form}", await plotter.draw(chart, form=form)
    raise ReportChartNotFound


# DOCX.

_SERIF, _SANS = "宋体", "黑体"
_SMALL, _PLAIN, _LARGE = Pt(8), Pt(12), Pt(20)
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in the archive: a content is told by what it says, not by when it was made."""


async def get_report_docx(
    db: Connection, actor: Actor, *, report_id: UUID, plotter: Plotter
) -> tuple[str, bytes]:
    """A report as a DOCX document, to be worked into another: its file name and its content."""
    report = await get_report(db, actor, report_id=report_id)
    pictures = await _pictures(report, plotter, ChartForm.PNG)
    return file_name(report, "docx"), await asyncio.to_thread(_docx, report, pictures)


def _docx(report: Row, pictures: Sequence[Picture]) -> bytes:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    _letters(document.styles["Normal"], _SERIF, _PLAIN)
    for level in (0, 1):
        _letters(document.styles["Title" if level == 0 else "Heading 1"], _SANS, None)
    if stamp := stamp_of(report):
        page.header.paragraphs[0].text = stamp
    document.add_heading(report["title"], 0)
    document.add_paragraph(days_line(report))
    for section in report["sections"]:
        document.add_heading(section["heading"], 1)
        for line in section["rendered"].splitlines():
            document.add_paragraph(line).paragraph_format.first_line_indent = Pt(24)
    for listing in listings_of(report):
        _docx_listing(document, listing)
    if pictures:
        document.add_heading("图表", 1)
    for picture in pictures:
        document.add_picture(BytesIO(picture.content), width=Cm(15.5))
        document.add_paragraph(picture.chart.note)
    about, moment = document.core_properties, report["known_at"].replace(tzinfo=None)
    about.title, about.author, about.created = report["title"], report["unit_name"], moment
    about.modified, about.last_modified_by, about.comments = moment, report["unit_name"], ""
    return _packed_alike(document)


def _letters(style: Any, name: str, size: Any) -> None:
    """The font of a style, for Chinese letters as for others."""
    style.font.name = name
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if size is not None:
        style.font.size = size


def _docx_listing(document: Any, listing: Listing) -> None:
    document.add_heading(listing.heading, 1)
    for line in listing.lines:
        document.add_paragraph(line)
    if not listing.rows:
        return
    table = document.add_table(rows=1 + len(listing.rows), cols=len(listing.heads))
    table.style = "Table Grid"
    # Cells are looked up row by row: asked for one by one, each costs a walk over the whole table.
    for row, values in zip(table.rows, (listing.heads, *listing.rows), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            run = cell.paragraphs[0].add_run(value)
            run.font.size = _SMALL


def _packed_alike(document: Any) -> bytes:
    """The document as an archive without the time at which it was packed."""
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    with ZipFile(loose) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as alike:
        for name in archive.namelist():
            alike.writestr(ZipInfo(name, _SAME_TIME), archive.read(name), ZIP_DEFLATED)
    return packed.getvalue()


# XLSX.

_FIGURES_SHEET, _CHARTS_SHEET = "数据 figures", "图表 charts"
_HEADS = (
    "数据项 code", "名称 label", "计量单位 counted in", "数量或分子 numerator", "分母 denominator",
    "占比% share", "基准日 base date", "填报数 stated", "填报减登记 difference", "来源 source", "明细 rows",
)  # fmt: skip
_TYPES = {ChartShape.BARS: "bar", ChartShape.LINES: "line"}


async def get_report_xlsx(db: Connection, actor: Actor, *, report_id: UUID) -> tuple[str, bytes]:
    """A report as a workbook with charts that can be changed: its file name and its content."""
    report = await get_report(db, actor, report_id=report_id)
    return file_name(report, "xlsx"), await asyncio.to_thread(_xlsx, report)


def _xlsx(report: Row) -> bytes:
    content = BytesIO()
    workbook = Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    made = report["known_at"].astimezone(SHANGHAI).replace(tzinfo=None)
    workbook.set_properties({"title": report["title"], "created": made})
    bold = workbook.add_format({"bold": True, "text_wrap": True})
    _figures(workbook, report, bold)
    _words(workbook, report, bold)
    _charts(workbook, charts_of(report), bold)
    workbook.close()
    return content.getvalue()


def _figures(workbook: Any, report: Row, bold: Any) -> None:
    sheet = workbook.add_worksheet(_FIGURES_SHEET)
    sheet.set_column(0, len(_HEADS), 16)
    sheet.freeze_panes(1, 2)
    for column, head in enumerate(_HEADS):
        sheet.write_string(0, column, head, bold)
    for n, figure in enumerate(report["figures"], 1):
        money = not figure["is_share"] and figure["value"] is not None
        above = Decimal(figure["value"]) if money else figure["numerator"]
        share = figure["value"] if figure["is_share"] else None
        values = (
            figure["code"], figure["label"], counted_in_words(figure), above,
            figure["denominator"], None if share is None else Decimal(share), str(figure["as_of"]),
            figure["stated"], figure["stated_difference"], figure["stated_source"], figure["rows"],
        )  # fmt: skip
        _write_row(sheet, n, values)


def _words(workbook: Any, report: Row, bold: Any) -> None:
    sheet = workbook.add_worksheet("正文 text")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110, workbook.add_format({"text_wrap": True}))
    lines = [(report["title"], stamp_of(report)), ("", days_line(report))]
    lines += [(each["heading"], each["rendered"]) for each in report["sections"]]
    for listing in listings_of(report):
        lines += [(listing.heading, line) for line in listing.lines]
    for n, (heading, text) in enumerate(lines):
        sheet.write_string(n, 0, heading, bold)
        sheet.write_string(n, 1, text)


def _charts(workbook: Any, charts: Sequence[Chart], bold: Any) -> None:
    """Each chart's numbers, and beside them a chart that Excel itself draws of them."""
    sheet = workbook.add_worksheet(_CHARTS_SHEET)
    sheet.set_column(0, 0, 26)
    top = 0
    for chart in charts:
        sheet.write_string(top, 0, f"{chart.title}（{chart.axis}）", bold)
        for column, series in enumerate(chart.series, 1):
            sheet.write_string(top, column, series.name, bold)
        for n, label in enumerate(chart.labels):
            values = (label, *(series.values[n] for series in chart.series))
            _write_row(sheet, top + 1 + n, values)
        last = top + len(chart.labels)
        sheet.write_string(last + 1, 0, chart.note)
        drawn = workbook.add_chart({"type": _TYPES[chart.shape]})
        for column in range(1, len(chart.series) + 1):
            drawn.add_series({
                "name": [_CHARTS_SHEET, top, column],
                "categories": [_CHARTS_SHEET, top + 1, 0, last, 0],
                "values": [_CHARTS_SHEET, top + 1, column, last, column],
                "data_labels": {"value": chart.shape is ChartShape.BARS},
            })  # fmt: skip
        drawn.set_title({"name": chart.title})
        if chart.shape is ChartShape.BARS:
            drawn.set_y_axis({"reverse": True})
        sheet.insert_chart(top, 2 + len(chart.series), drawn)
        top = max(last + 3, top + 17)


def _write_row(sheet: Any, row: int, values: Sequence[Any]) -> None:
    """Numbers as numbers, all else as text that nothing takes for a formula; nothing where there is none."""
    for column, value in enumerate(values):
        if isinstance(value, int | Decimal):
            sheet.write_number(row, column, value)
        elif value is not None:
            sheet.write_string(row, column, value)
