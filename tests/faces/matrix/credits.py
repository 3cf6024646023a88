"""The rows of credits."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_DOCUMENT = {"authority": "外市教育局", "document_number": "1", "decided_on": "2026-01-02"}
_CREDIT = {"earned_on": "2026-01-01", "hours": "1.00", "credits": "1.00"}

ROWS: dict[str, Row | Listing | Open] = {
    "list_packs": Listing(("pack",), None, published=True),
    "publish_pack": Row(
        "unit", Permission.PACK_PUBLISH, body=of_unit(document={}), in_body=True
    ),
    "refine_pack": Row(
        "unit", Permission.PACK_REFINE, body=of_unit(document={}), in_body=True
    ),
    "get_pack_schema": Open("How a document is written, which is printed in the documentation."),
    "get_refinement_schema": Open("How a document is written."),
    "get_pack": Row("pack", Permission.PACK_READ, reads=True),
    "recognise_activity": Row("offered", Permission.CREDIT_RECOGNISE),
    "recognise_mentorship": Row("mentorship", Permission.CREDIT_RECOGNISE),
    "recognise_topic": Row("topic", Permission.CREDIT_RECOGNISE),
    "recognise_self_study": Row("self_study", Permission.CREDIT_RECOGNISE),
    "list_entries": Row("teacher", Permission.CREDIT_READ),
    "list_credit_entries": Listing(("entry",), Permission.CREDIT_READ),
    "get_entry": Row("entry", Permission.CREDIT_READ, reads=True),
    "get_explanation": Row("entry", Permission.CREDIT_READ, reads=True),
    "reverse_entry": Row("entry", Permission.CREDIT_REVERSE, body=fixed(reason="记错了")),
    "correct_entry": Row(
        "entry", Permission.CREDIT_REVERSE, body=fixed(hours="1.00", reason="记错了")
    ),
    "list_credit_transfers": Row("teacher", Permission.CREDIT_READ),
    "get_credit_transfer": Row("credit_transfer", Permission.CREDIT_READ, reads=True),
    "transfer_credit_in": Row(
        "teacher", Permission.CREDIT_RECOGNISE, body=fixed(**_DOCUMENT, items=[_CREDIT])
    ),
    "transfer_credit_out": Row("teacher", Permission.CREDIT_REVERSE, body=fixed(**_DOCUMENT)),
    "list_credit_loans": Row("teacher", Permission.CREDIT_READ),
    "get_credit_loan": Row("credit_loan", Permission.CREDIT_READ, reads=True),
    "lend_credit": Row(
        "teacher", Permission.CREDIT_RECOGNISE, body=fixed(amount="1.00", reason="因公派出")
    ),
    "repay_credit_loan": Row("credit_loan", Permission.CREDIT_RECOGNISE),
    "list_ledger_heads": Listing(("ledger_head",), None, published=True),
    "get_ledger_head": Row("ledger_head", Permission.PACK_READ, reads=True),
    "get_standing": Row("teacher", Permission.CREDIT_READ),
    "get_statement": Row("teacher", Permission.CREDIT_READ),
    "get_statement_document": Row("teacher", Permission.CREDIT_READ),
    "get_statement_sheet": Row("teacher", Permission.CREDIT_READ),
    "list_conditions": Row("teacher", Permission.CREDIT_READ),
    "get_condition": Row("teacher", Permission.CREDIT_READ, body=fixed(purpose="appointment")),
    "get_forecast": Row("teacher", Permission.CREDIT_READ),
    "list_prechecks": Row("unit", Permission.CREDIT_READ, body=fixed(purpose="appointment")),
    "get_credit_summary": Row("unit", Permission.SUMMARY_READ),
    "list_compliance": Row("unit", Permission.SUMMARY_READ),
    "list_board_lines": Row("unit", Permission.SUMMARY_READ),
    "list_board_months": Row("unit", Permission.SUMMARY_READ),
    "list_group_board_months": Row("group", Permission.ACTIVITY_READ),
    "list_board_activities": Listing(("activity", "offered"), Permission.ACTIVITY_READ),
    "list_board_plan_items": Listing(("plan_item_agreed",), Permission.PLAN_READ),
}  # fmt: skip
