"""The rows of mentoring: what is agreed, recorded, judged, counted and suggested."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Row

READ, WRITE, OWN = Permission.PAIR_READ, Permission.PAIR_WRITE, Permission.RECORD_OWN
_TERM = {"valid_from": "2026-09-01", "valid_to": "2027-09-01"}
_YEAR = fixed(since="2026-01-01", until="2026-12-31")

ROWS: dict[str, Row | Listing | Open] = {
    "list_mentorships": Listing(("mentorship",), READ),
    "propose_mentorship": Row(
        "unit", WRITE, in_body=True, absent="teacher_not_found",
        body=lambda unit_id: {
            "unit_id": str(unit_id), "teacher_id": NOWHERE,
            "mentor_ids": ["01890000-0000-7000-8000-000000000001"], "aim": "站稳讲台",
            "plan": "每周互听一节课，课后评议", **_TERM,
        },
    ),
    "get_mentorship": Row("mentorship", READ, reads=True),
    "list_mentors": Row("mentorship", READ),
    "list_mentorship_judgements": Row("mentorship", READ),
    "sign_mentorship": Row("mentorship", OWN),
    "sign_for_expert": Row("mentor", WRITE),
    "decline_mentorship": Row("mentorship", OWN, body=fixed(reason="任务过重")),
    "judge_mentorship": Row(
        "mentorship", WRITE, body=fixed(stage="mid_term", grade="good", comment="进步明显")
    ),
    "end_mentorship": Row("mentorship", WRITE, body=fixed(kind="moved", reason="导师调离")),
    "list_mentoring_records": Listing(("mentoring_record",), READ),
    "get_mentoring_record": Row("mentoring_record", READ, reads=True),
    "write_mentoring_record": Row(
        "mentorship", OWN, absent="mentor_not_found",
        body=fixed(
            kind="talk", held_on="2026-11-20", hours="1", content="交流课堂管理的几个办法"
        ),
    ),
    "confirm_mentoring_record": Row("mentoring_record", OWN),
    "get_mentoring_policy": Row("unit", READ, absent="mentoring_policy_not_found"),
    "set_mentoring_policy": Row(
        "unit", WRITE, body=fixed(cycle_years=5, source="带教办法第三条", ranks=[])
    ),
    "list_mentoring_counts": Row("unit", READ, body=_YEAR),
    "list_mentoring_obligations": Open(
        "Of oneself and of the teachers in one's place alone; tested with the counts."
    ),
    "list_concluded_mentorships": Row("teacher", READ),
    "list_mentor_suggestions": Row("teacher", WRITE),
}  # fmt: skip
