"""The rows of choice rounds, of what can be chosen in them, and of what was chosen."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Personal, Row

READ, WRITE = Permission.ACTIVITY_READ, Permission.ACTIVITY_WRITE
_ROUNDS = ("choice_round", "choice_round_offered", "choice_round_closed")
_ROUND = {
    "title": "秋季选课", "way": "two_way", "opens_at": "2026-11-01T08:00:00+08:00",
    "closes_at": "2026-11-03T08:00:00+08:00", "most_choices": 2, "most_places": 1,
}  # fmt: skip
_DECISION = {"choice_id": "00000000-0000-7000-8000-000000000000", "accepted": True}

ROWS: dict[str, Row | Listing | Open] = {
    "list_choice_rounds": Listing(_ROUNDS, READ),
    "list_offered_choice_rounds": Listing(_ROUNDS, None, published=True),
    "create_choice_round": Row("unit", WRITE, in_body=True, body=of_unit(**_ROUND)),
    "get_choice_round": Row("choice_round_offered", READ, reads=True),
    "update_choice_round": Row("choice_round", WRITE, body=fixed(title="改名")),
    "list_choice_offerings": Row("choice_round_offered", READ, reads=True),
    "add_choice_offering": Row(
        "choice_round", WRITE, also="draft", absent="activity_not_found",
        body=lambda activity_id: {"activity_id": str(activity_id)},
    ),
    "remove_choice_offering": Row(
        "choice_round", WRITE, also="activity", absent="choice_offering_not_found"
    ),
    "publish_choice_round": Row("choice_round", WRITE),
    "cancel_choice_round": Row("choice_round", WRITE),
    "settle_choice_round": Row("choice_round_closed", WRITE),
    "decide_choices": Row(
        "choice_round_closed", WRITE, body=fixed(decisions=[_DECISION]), absent="choice_not_found"
    ),
    "list_choices": Row("choice_round_offered", Permission.ATTENDANCE_READ),
    "choose_activity": Personal(
        "choice_round_offered", Permission.PARTICIPATE, also="offered",
        absent="choice_offering_not_found",
        body=lambda activity_id: {"activity_id": str(activity_id)},
    ),
    "withdraw_choice": Personal(
        "choice_round_offered", Permission.PARTICIPATE, also="offered", absent="choice_not_found"
    ),
    "list_fair_access": Row("unit", Permission.ATTENDANCE_READ),
    "list_unplaced_teachers": Row("unit", Permission.ATTENDANCE_READ),
    "list_teacher_choices": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
}  # fmt: skip
