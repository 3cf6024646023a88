"""The rows of question banks, tests, attempts, marks and rechecks."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Personal, Row

READ, WRITE, OWN = Permission.COURSE_READ, Permission.COURSE_WRITE, Permission.PARTICIPATE
_QUESTION = {"kind": "true_false", "text": "追问须等待。", "points": "1", "correct": ["true"]}
_TESTS = ("course_test", "course_test_offered")
_ANSWERS = fixed(answers=[{"ordinal": 1, "revision": 1, "is_true": True}])

ROWS: dict[str, Row | Listing | Open] = {
    "list_bank_questions": Listing(("bank_question",), WRITE),
    "get_bank_question": Row("bank_question", WRITE),
    "list_bank_question_versions": Row("bank_question", WRITE),
    "add_bank_questions": Row("unit", WRITE, in_body=True, body=of_unit(questions=[_QUESTION])),
    "revise_bank_question": Row("bank_question", WRITE, body=fixed(**_QUESTION)),
    "retire_bank_question": Row("bank_question", WRITE, body=fixed(reason="内容已过时")),
    "list_course_tests": Listing(_TESTS, READ),
    "list_offered_course_tests": Listing(_TESTS, None, published=True),
    "get_course_test": Row("course_test_offered", READ, reads=True),
    "draft_course_test": Row(
        "activity", Permission.ACTIVITY_WRITE, in_body=True,
        body=lambda activity_id: {"title": "测验", "activity_id": str(activity_id)},
    ),
    "update_course_test": Row("course_test", WRITE, body=fixed(title="改名")),
    "publish_course_test": Row("course_test", WRITE),
    "withdraw_course_test": Row("course_test_offered", WRITE),
    "start_test_attempt": Personal(
        "course_test_offered", OWN, absent="course_test_without_place"
    ),
    "list_own_test_attempts": Listing(("test_attempt", "test_attempt_over"), OWN),
    "get_test_attempt": Row("test_attempt", OWN),
    "list_paper_questions": Row("test_attempt", OWN),
    "save_test_answers": Row("test_attempt", OWN, body=_ANSWERS),
    "hand_in_test_attempt": Row("test_attempt", OWN),
    "list_taken_tests": Row("course_test_offered", WRITE),
    "list_attempt_answers": Row("course_test_offered", WRITE),
    "mark_test_answer": Row("attempt_answer", WRITE, body=fixed(awarded="1", comment="酌情给分")),
    "list_answer_marks": Row("attempt_answer", WRITE),
    "list_answer_rechecks": Row("course_test_offered", WRITE),
    "ask_answer_recheck": Row("own_answer", OWN, body=fixed(reason="写法相同")),
    "decide_answer_recheck": Row("answer_recheck", WRITE, body=fixed(reply="维持原分")),
    "list_item_statistics": Row("course_test_offered", WRITE),
}  # fmt: skip
