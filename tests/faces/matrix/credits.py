"""The rows of credits."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

ROWS: dict[str, Row | Listing | Open] = {
    "list_packs": Listing(("pack",), None, published=True),
    "publish_pack": Row(
        "unit", Permission.PACK_PUBLISH, body=of_unit(document={}), in_body=True
    ),
    "get_pack": Row("pack", Permission.PACK_READ, reads=True),
    "recognise_activity": Row("offered", Permission.CREDIT_RECOGNISE),
    "list_entries": Row("teacher", Permission.CREDIT_READ),
    "get_entry": Row("entry", Permission.CREDIT_READ, reads=True),
    "get_explanation": Row("entry", Permission.CREDIT_READ, reads=True),
    "reverse_entry": Row("entry", Permission.CREDIT_REVERSE, body=fixed(reason="记错了")),
    "get_standing": Row("teacher", Permission.CREDIT_READ),
    "get_credit_summary": Row("unit", Permission.SUMMARY_READ),
    "list_compliance": Row("unit", Permission.SUMMARY_READ),
    "list_board_lines": Row("unit", Permission.SUMMARY_READ),
    "list_board_months": Row("unit", Permission.SUMMARY_READ),
    "list_group_board_months": Row("group", Permission.ACTIVITY_READ),
    "list_board_activities": Listing(("activity", "offered"), Permission.ACTIVITY_READ),
    "list_board_plan_items": Listing(("plan_item_agreed",), Permission.PLAN_READ),
}  # fmt: skip
