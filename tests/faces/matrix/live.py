"""The rows of what is followed, of messages and of reminders."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

ROWS: dict[str, Row | Listing | Open] = {
    "get_live_attendance": Row("offered_session", Permission.ATTENDANCE_READ),
    "get_live_inbox": Open("One's own notices and tasks; tested with them."),
    "list_deliveries": Listing(("delivery",), Permission.ACCOUNT_READ),
    "retry_delivery": Row("delivery", Permission.ACCOUNT_WRITE),
    "list_own_deliveries": Open("Messages to oneself."),
    "list_delivery_preferences": Open("What one wants oneself."),
    "set_delivery_preference": Open("What one wants oneself; in person."),
    "remind_of_task": Open(
        "Needs what the work needs, over the place above; tested with reminders."
    ),
    "list_own_reminders": Open("What one has done oneself."),
    "get_reminder_rule": Row("unit", Permission.UNIT_READ, reads=True),
    "set_reminder_rule": Row("unit", Permission.NOTICE_WRITE, body=fixed(days_before=5)),
}
