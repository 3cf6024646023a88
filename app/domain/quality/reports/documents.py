"""Files of a report: PDF, DOCX with pictures, XLSX with charts of its own; made anew from what was frozen."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from xlsxwriter import Workbook

from app.domain.access.actors import Actor
from app.domain.base import SHANGHAI
from app.domain.credits.certificates.documents import Typesetter
from app.domain.quality.reports.charts import (
    Chart,
    ChartCode,
    ChartForm,
    ChartShape,
    Picture,
    Plotter,
    ReportChartNotFound,
    charts_of,
)
from app.domain.quality.reports.contents import (
    counted_in_words,
    days_line,
    listings_of,
    stamp_of,
)
from app.domain.quality.reports.report import get_report
from app.sql import Connection, Row


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


async def get_report_docx(
    db: Connection, actor: Actor, *, report_id: UUID, plotter: Plotter
) -> tuple[str, bytes]:
    """A report as a DOCX document, to be worked into another: its file name and its content."""
    report = await get_report(db, actor, report_id=report_id)
    pictures = await _pictures(report, plotter, ChartForm.PNG)
    return file_name(report, "docx"), await asyncio.to_thread(_docx, report, pictures)


def _docx(report: Row, pictures: Sequence[Picture]) -> bytes:
    from app.domain.quality.reports.docx_file import docx_of  # noqa: PLC0415  a tenth of a second

    return docx_of(report, pictures)


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
