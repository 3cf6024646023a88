"""The rows of funds: budgets, what changes them, what moves their money, and the reports."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed, of_unit
from tests.faces.rule import Listing, Open, Row

READ, WRITE, APPROVE = Permission.FUNDS_READ, Permission.FUNDS_WRITE, Permission.FUNDS_APPROVE
_SAYS = fixed(opinion="同意")
_YEAR = fixed(year=2026)
_BUDGETS = ("budget", "budget_open", "budget_waiting", "budget_closed")
_LINE = {"title": "图书", "spend_class": "publications", "planned": "100"}
_FOR = {"amount": "10", "summary": "专家讲座", "other_purpose": "未对应登记事项"}
_SPENT = {**_FOR, "payee": "测试师范大学", "spent_on": "2026-11-20", "spend_class": "training"}


def _to_itself(line_id: UUID) -> dict[str, Any]:
    return {
        "from_line_id": str(line_id), "to_line_id": str(line_id), "amount": "1", "reason": "下拨",
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "list_budgets": Listing(_BUDGETS, READ),
    "get_budget": Row("budget", READ, reads=True),
    "draft_budget": Row("unit", WRITE, in_body=True, body=of_unit(year=2030)),
    "submit_budget": Row("budget", WRITE),
    "approve_budget": Row("budget_waiting", APPROVE, body=_SAYS),
    "return_budget": Row("budget_waiting", APPROVE, body=_SAYS),
    "close_budget": Row("budget_open", WRITE),
    "reopen_budget": Row("budget_closed", APPROVE, body=_SAYS),
    "list_budget_reviews": Row("budget_open", READ),
    "list_budget_lines": Listing(("line_draft", "line_open", "line_waiting"), READ),
    "get_budget_line": Row("line_open", READ, reads=True),
    "add_budget_line": Row("budget", WRITE, body=fixed(**_LINE)),
    "drop_budget_line": Row("line_draft", WRITE),
    "list_budget_amendments": Listing(("amendment",), READ),
    "get_budget_amendment": Row("amendment", READ, reads=True),
    "propose_budget_amendment": Row(
        "budget_open", WRITE, absent="budget_line_not_found",
        body=fixed(to_line_id=NOWHERE, amount="1", effective_on="2026-12-01", reason="追加"),
    ),
    "approve_budget_amendment": Row("amendment", APPROVE, body=_SAYS),
    "reject_budget_amendment": Row("amendment", APPROVE, body=_SAYS),
    "list_appropriations": Listing(("appropriation",), READ),
    "get_appropriation": Row("appropriation", READ, reads=True),
    "appropriate_funds": Row("line_open", WRITE, in_body=True, body=_to_itself),
    "acknowledge_appropriation": Row("appropriation", WRITE),
    "return_appropriation": Row("appropriation", WRITE, body=_SAYS),
    "list_fund_commitments": Listing(("fund_commitment",), READ),
    "get_fund_commitment": Row("fund_commitment", READ, reads=True),
    "commit_funds": Row("line_open", WRITE, body=fixed(**_FOR)),
    "release_commitment": Row("fund_commitment", WRITE, body=_SAYS),
    "list_expenses": Listing(("expense", "expense_approved"), READ),
    "get_expense": Row("expense", READ, reads=True),
    "submit_expense": Row("line_open", WRITE, body=fixed(**_SPENT)),
    "approve_expense": Row("expense", APPROVE, body=_SAYS),
    "return_expense": Row("expense", APPROVE, body=_SAYS),
    "reverse_expense": Row("expense_approved", APPROVE, body=_SAYS),
    "create_expense_file_link": Row(
        "expense", READ, also="file", absent="file_not_found", body=fixed(purpose="view")
    ),
    "list_approval_limits": Listing(("approval_limit",), READ),
    "set_approval_limit": Row(
        "unit", APPROVE, absent="account_not_found",
        body=fixed(account_id=NOWHERE, up_to="1000", valid_from="2026-01-01"),
    ),
    "list_fund_postings": Listing(("fund_posting",), READ),
    "list_fund_execution": Row("unit", READ, body=_YEAR),
    "list_fund_guarantees": Row("unit", READ, body=_YEAR),
    "get_fund_efficiency": Row("unit", READ, body=_YEAR),
}  # fmt: skip
