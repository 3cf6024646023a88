"""The rows of notices and of the to-do list."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row


def _notice(unit_id: UUID) -> dict[str, Any]:
    return {
        "unit_id": str(unit_id), "audience": [str(unit_id)], "title": "通知", "text": "请知悉。",
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "list_notices": Listing(("notice_draft", "notice"), Permission.NOTICE_READ),
    "list_own_notices": Listing(("notice_draft", "notice"), None, published=True),
    "create_notice": Row("unit", Permission.NOTICE_WRITE, body=_notice, in_body=True),
    "get_notice": Row("notice", Permission.NOTICE_READ, reads=True),
    "update_notice": Row("notice_draft", Permission.NOTICE_WRITE, body=fixed(title="改名")),
    "publish_notice": Row("notice_draft", Permission.NOTICE_WRITE),
    "withdraw_notice": Row("notice", Permission.NOTICE_WRITE),
    "read_notice": Row("notice", Permission.NOTICE_READ, reads=True),
    "confirm_notice": Open(
        "Whether for a unit or for oneself depends on the notice; tested with the receipts."
    ),
    "list_notice_receipts": Row("notice", Permission.NOTICE_WRITE),
    "list_tasks": Open("One's own work: each kind by its permission, tested with the tasks."),
    "list_task_counts": Open("One's own work, counted."),
}  # fmt: skip
