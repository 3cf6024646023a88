"""The rows of reports, comparisons of schools, and the least that schools are to hold."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_READ, _WRITE, _ISSUE = (
    Permission.SUMMARY_READ, Permission.REPORT_WRITE, Permission.REPORT_ISSUE,
)  # fmt: skip
_GUIDED, _EVALUATE = Permission.GUIDANCE_READ, Permission.GUIDANCE_EVALUATE

ROWS: dict[str, Row | Listing | Open] = {
    "list_reports": Listing(("report",), _READ),
    "get_report": Row("report", _READ),
    "draft_report": Row("unit", _WRITE, in_body=True, body=of_unit()),
    "write_report": Row("report", _WRITE, body=fixed(title="改名")),
    "issue_report": Row("report", _ISSUE),
    "withdraw_report": Row("report", _ISSUE, body=fixed(reason="重复")),
    "list_report_figure_rows": Row("report", _READ, body=fixed(code="students")),
    "list_report_recounts": Row("report", _READ),
    "get_report_pdf": Row("report", _READ),
    "get_report_docx": Row("report", _READ),
    "get_report_xlsx": Row("report", _READ),
    "get_report_chart": Row("report", _READ, body=fixed(code="activities", form="png")),
    "get_school_inequality": Row("unit", _GUIDED, body=fixed(measure="topics")),
    "list_designation_comparison": Row("unit", _GUIDED, body=fixed(measure="topics")),
    "list_activity_minimums": Listing(("activity_minimum",), _GUIDED),
    "get_activity_minimum": Row("activity_minimum", _GUIDED),
    "set_activity_minimum": Row(
        "unit", _EVALUATE, body=fixed(at_least=1, months=1, source="第六条")
    ),
    "end_activity_minimum": Row("activity_minimum", _EVALUATE, body=fixed()),
    "list_inactive_schools": Row("unit", _GUIDED),
}
