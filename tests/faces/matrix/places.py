"""The rows of places in activities: waiting lists, quotas, nominations, no-shows."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Personal, Row

_WHY = fixed(reason="另有安排")

ROWS: dict[str, Row | Listing | Open] = {
    "decline_nomination": Personal(
        "offered", Permission.PARTICIPATE, absent="enrolment_not_found", body=_WHY
    ),
    "get_places": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "set_places": Row("offered", Permission.ACTIVITY_WRITE, body=fixed(capacity=500)),
    "list_waiting": Row("offered", Permission.ATTENDANCE_READ),
    "list_no_shows": Row("offered", Permission.ATTENDANCE_READ),
    "nominate_teachers": Row(
        "unit", Permission.ACTIVITY_WRITE, also="offered",
        body=lambda activity_id: {
            "activity_id": str(activity_id), "teacher_ids": [NOWHERE],
        },
    ),
    "enrol_teacher": Row(
        "offered", Permission.ACTIVITY_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_id": str(teacher_id), "reason": "承担发言"},
    ),
    "remove_enrolment": Row(
        "offered", Permission.ACTIVITY_WRITE, also="teacher", absent="enrolment_not_found",
        body=_WHY,
    ),
    "list_partners": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "invite_partner": Row(
        "offered", Permission.ACTIVITY_WRITE, body=fixed(unit_id=NOWHERE)
    ),
    "end_partnership": Row(
        "offered", Permission.ACTIVITY_WRITE, also="unit", absent="partnership_not_found"
    ),
    "list_partnerships": Listing(("partnership",), Permission.ACTIVITY_READ),
    "accept_partnership": Row(
        "partnership", Permission.ACTIVITY_WRITE, body=fixed(audience=[])
    ),
    "decline_partnership": Row(
        "partnership", Permission.ACTIVITY_WRITE, body=fixed(opinion="人手不足")
    ),
}  # fmt: skip
