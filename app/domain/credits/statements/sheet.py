"""A statement as an XLSX workbook: one sheet each for the account, its lines, what is asked, what is assumed.

Text is written as text, so that nothing in it is ever taken for a formula; amounts are numbers with two
places, for whoever wants to sum them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from pydantic import BaseModel
from xlsxwriter import Workbook

from app.domain.base import SHANGHAI
from app.domain.credits.standings.views import AssumptionView, RequirementView
from app.domain.credits.statements.views import LineView, StatementView
from app.sql import Row

_ACCOUNT = (
    "name", "school", "city", "pack_title_zh", "pack_id", "pack_version", "cycle_start",
    "cycle_end", "as_of", "known_on", "unit", "opening", "closing", "earned_hours",
    "earned_credits", "counted_hours", "counted_credits", "verdict",
)  # fmt: skip
_LINES = (
    "sequence", "earned_on", "recorded_at", "kind", "level", "activity_kind", "hours", "credits",
    "state", "counted", "why", "balance_hours", "balance_credits", "entry_id", "reversed_by_id",
)  # fmt: skip
_REQUIREMENTS = ("title_zh", "needed", "counted", "missing", "verdict", "basis")
_ASSUMPTIONS = ("path", "value", "basis")


def file_name(statement: Row, form: str) -> str:
    """What the file is called: whose statement it is, and of which cycle."""
    first, last = statement["cycle_start"].year, statement["cycle_end"].year
    return f"学分对账单-{statement['name']}-{first}-{last}.{form}"


def statement_sheet(statement: Row, *, made_at: datetime) -> bytes:
    """The workbook; the same statement made at the same time gives the same content."""
    content = BytesIO()
    workbook = Workbook(content, {"constant_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": made_at.replace(tzinfo=None)})
    fields = StatementView.model_fields
    account = [(fields[name].description, statement[name]) for name in _ACCOUNT]
    _write(workbook, "账户 account", (), account)
    for title, view, names, rows in (
        ("明细 lines", LineView, _LINES, statement["lines"]),
        ("要求 requirements", RequirementView, _REQUIREMENTS, statement["requirements"]),
        ("假定 assumptions", AssumptionView, _ASSUMPTIONS, statement["assumptions"]),
    ):
        _write(workbook, title, _heads(view, names), _chosen(rows, names))
    workbook.close()
    return content.getvalue()


def _heads(view: type[BaseModel], names: Sequence[str]) -> list[str]:
    return [view.model_fields[name].description or name for name in names]


def _chosen(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterable[list[Any]]:
    return ([row[name] for name in names] for row in rows)


def _write(
    workbook: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet = workbook.add_worksheet(title)
    sheet.set_column(0, 20, 18)
    bold = workbook.add_format({"bold": True, "text_wrap": True})
    amount = workbook.add_format({"num_format": "0.00"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1 if heads else 0):
        for column, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(number, column, value, amount)
            elif value is not None:
                sheet.write_string(number, column, text_of(value))


def text_of(value: Any) -> str:
    """A value of a statement in one cell."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "\n".join(each["zh"] for each in value)
    if isinstance(value, dict):
        return (
            _basis(value)
            if "assumed" in value
            else f"{value['hours']} 学时，{value['credits']} 学分"
        )
    return str(value)


def _basis(basis: Mapping[str, Any]) -> str:
    if basis["assumed"]:
        return f"（假定）{basis['decided_by']}：{basis['reason_zh']}"
    return f"{basis['document']} {basis['article']}"
