"""The rows of series, occurrences, trainees in activities, training attended elsewhere."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Personal, Row

_TRAINING = fixed(
    title="省级骨干教师培训", organiser="省教师发展中心", level="province", kind="lecture",
    mode="concentrated", channel="off_job", content=[], starts_on="2026-07-01",
    ends_on="2026-07-05", hours="40",
)  # fmt: skip
_OTHER = fixed(
    title="暑期远程研修", organiser="师范大学", level="national", kind="online_course",
    mode="self_directed", channel="online", content=[], starts_on="2026-07-10",
    ends_on="2026-07-20", hours="20",
)  # fmt: skip

ROWS: dict[str, Row | Listing | Open] = {
    "list_organised_series": Listing(("series",), Permission.ACTIVITY_READ),
    "create_series": Row(
        "unit", Permission.ACTIVITY_WRITE, in_body=True,
        body=lambda unit_id: {"organiser_unit_id": str(unit_id), "title": "名师讲堂"},
    ),
    "get_series": Row("series", Permission.ACTIVITY_READ, reads=True),
    "update_series": Row("series", Permission.ACTIVITY_WRITE, body=fixed(goal="提升课堂教学")),
    "choose_series": Row("activity", Permission.ACTIVITY_WRITE, body=fixed(series_id=None)),
    "repeat_activity": Row(
        "activity", Permission.ACTIVITY_WRITE, body=fixed(starts_on="2027-03-01")
    ),
    "list_occurrences": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "choose_occurrence": Personal(
        "offered_session", Permission.PARTICIPATE, absent="enrolment_not_found"
    ),
    "list_activity_trainees": Row("offered", Permission.ATTENDANCE_READ),
    "enter_activity_trainees": Row(
        "offered", Permission.ATTENDANCE_WRITE, absent="trainee_not_found",
        body=fixed(trainee_ids=[NOWHERE]),
    ),
    "remove_activity_trainee": Row("activity_trainee", Permission.ATTENDANCE_WRITE),
    "record_trainee_attendance": Row(
        "offered_session", Permission.ATTENDANCE_WRITE,
        body=fixed(trainee_ids=[NOWHERE], status="absent"),
    ),
    "list_trainee_participation": Row("unit", Permission.SUMMARY_READ),
    "list_outside_trainings": Listing(("outside_training",), Permission.CAREER_READ),
    "get_outside_training": Row("outside_training", Permission.CAREER_READ),
    "list_teacher_outside_trainings": Row("teacher", Permission.CAREER_READ, reads=True),
    "state_outside_training": Row("teacher", Permission.RECORD_OWN, body=_TRAINING),
    "enter_outside_training": Row("teacher", Permission.ATTENDANCE_WRITE, body=_OTHER),
    "confirm_outside_training": Row("outside_training", Permission.ATTENDANCE_REVIEW),
    "return_outside_training": Row(
        "outside_training", Permission.ATTENDANCE_REVIEW, body=fixed(opinion="请补充证书")
    ),
    "withdraw_outside_training": Row("outside_training", Permission.RECORD_OWN),
}  # fmt: skip
