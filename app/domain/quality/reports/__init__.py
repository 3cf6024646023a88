"""Reports (工作报告) of schools, counties and cities, counted from the register (R183 to R187, R199).

In reading order: `source` (the rows behind a figure), `of_units`, `of_people` and `of_work` (which figures
there are), `labels`, `table` (what a report is), `words` (what it says, and what an author may not write),
`figures` (counting and freezing), `report` (the door, the rows, counting again), `drafting` (from draft to
issue), `charts`, `contents`, `documents` and `docx_file` (its files).

The figures of a report are frozen when it is drafted and nobody changes them; its author changes the words
around them until it is issued. A later report of the same days takes the place of an earlier one.
"""

from app.domain.quality.measures import FigureRowView
from app.domain.quality.reports.charts import (
    ChartCode,
    ChartForm,
    Plotter,
    ReportChartNotFound,
    charts_of,
)
from app.domain.quality.reports.documents import (
    get_report_chart,
    get_report_docx,
    get_report_pdf,
    get_report_xlsx,
)
from app.domain.quality.reports.drafting import (
    NewReport,
    ReportDrafted,
    ReportPeriodToCome,
    ReportWithdrawal,
    ReportWithoutData,
    ReportWords,
    ReportWrongState,
    draft_report,
    issue_report,
    withdraw_report,
    write_report,
)
from app.domain.quality.reports.report import (
    REPORTS,
    RecountView,
    ReportFigureNotFound,
    ReportNotFound,
    get_report,
    list_report_figure_rows,
    list_report_recounts,
    list_reports,
    reports_of,
)
from app.domain.quality.reports.source import FigureCode
from app.domain.quality.reports.table import (
    Report,
    ReportFigure,
    ReportKind,
    ReportPart,
    ReportSection,
    ReportState,
    ReportView,
)
from app.domain.quality.reports.words import FigureUnknown, NewReportSection, PercentageWithoutBase

__all__ = [
    "REPORTS",
    "ChartCode",
    "ChartForm",
    "FigureCode",
    "FigureRowView",
    "FigureUnknown",
    "NewReport",
    "NewReportSection",
    "PercentageWithoutBase",
    "Plotter",
    "RecountView",
    "Report",
    "ReportChartNotFound",
    "ReportDrafted",
    "ReportFigure",
    "ReportFigureNotFound",
    "ReportKind",
    "ReportNotFound",
    "ReportPart",
    "ReportPeriodToCome",
    "ReportSection",
    "ReportState",
    "ReportView",
    "ReportWithdrawal",
    "ReportWithoutData",
    "ReportWords",
    "ReportWrongState",
    "charts_of",
    "draft_report",
    "get_report",
    "get_report_chart",
    "get_report_docx",
    "get_report_pdf",
    "get_report_xlsx",
    "issue_report",
    "list_report_figure_rows",
    "list_report_recounts",
    "list_reports",
    "reports_of",
    "withdraw_report",
    "write_report",
]
