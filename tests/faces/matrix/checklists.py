"""The rows of checklists and their ticks."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Row

READ, WRITE = Permission.ASSESSMENT_READ, Permission.ASSESSMENT_WRITE

ROWS: dict[str, Row | Listing | Open] = {
    "list_checklists": Listing(("checklist",), READ),
    "list_school_checklists": Listing(("checklist",), None, published=True),
    "get_checklist": Row("checklist", READ, reads=True),
    "create_checklist": Row(
        "unit", WRITE,
        body=fixed(name="五个一", term="year", items=[{"wording": "读一本教育专著"}]),
    ),
    "end_checklist": Row("checklist", WRITE, body=fixed(on="2026-11-01")),
    "list_checklist_progress": Row("checklist", READ),
    "list_teacher_checklist_progress": Row("teacher", READ),
    "list_checklist_ticks": Listing(("checklist_tick",), READ),
    "tick_checklist_item": Row(
        "teacher", WRITE, absent="checklist_not_found",
        body=fixed(checklist_id=NOWHERE, number=2, done_on="2026-10-08"),
    ),
    "withdraw_checklist_tick": Row("checklist_tick", WRITE, body=fixed(reason="记错")),
}  # fmt: skip
