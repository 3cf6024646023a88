"""The rows of completion, of exercises and what is handed in to them."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import NOWHERE, fixed
from tests.faces.rule import Listing, Open, Personal, Row

_READ, _WRITE = Permission.ATTENDANCE_READ, Permission.ATTENDANCE_WRITE
_TAKES_PART = Permission.PARTICIPATE
_LINK = fixed(purpose="download")

ROWS: dict[str, Row | Listing | Open] = {
    "list_class_progress": Row("offered", _READ),
    "get_course_progress": Row(
        "teacher", _READ, reads=True, also="offered", absent="course_participant_not_found"
    ),
    "judge_course_participants": Row(
        "offered", _WRITE, body=fixed(judgements=[{"teacher_id": NOWHERE, "is_sufficient": True}])
    ),
    "settle_course_completions": Row("offered", _WRITE),
    "list_course_completions": Row("offered", _READ),
    "list_teacher_course_completions": Row("teacher", _READ, reads=True),
    "get_course_completion": Row("completion", _READ, reads=True),
    "correct_course_completion": Row(
        "settled_completion", _WRITE, body=fixed(completed=False, reason="签到表有误")
    ),
    "get_course_evaluation": Row("course_offered", Permission.COURSE_READ),
    "list_exercises": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "list_offered_exercises": Listing(("exercise",), None, published=True),
    "get_exercise": Row("exercise", Permission.ACTIVITY_READ, reads=True),
    "give_exercise": Row(
        "offered", _WRITE, body=fixed(title="三个追问", text="设计三个追问。", due_on="2999-01-01")
    ),
    "update_exercise": Row("exercise", _WRITE, body=fixed(title="改名")),
    "withdraw_exercise": Row("exercise", _WRITE),
    "create_exercise_link": Open(
        "Who may open the file decides; tests/domain/learning/test_exercises.py asks who may."
    ),
    "submit_exercise": Personal("exercise", _TAKES_PART, body=fixed(text="三个追问。")),
    "list_exercise_submissions": Row("offered", _WRITE),
    "list_exercise_submissions_to_review": Open(
        "Of what one carries: tests/domain/learning/test_exercise_submissions.py."
    ),
    "list_own_exercise_submissions": Listing(("exercise_submission",), _TAKES_PART),
    "get_exercise_submission": Row("exercise_submission", _TAKES_PART),
    "review_exercise": Row("handed_in", _WRITE, body=fixed(accepted=True)),
    "create_exercise_submission_link": Row(
        "handed_in", _WRITE, also="file", body=_LINK, absent="file_not_found"
    ),
}  # fmt: skip
