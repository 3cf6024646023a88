"""The rows of what players told: records, progress, doubts."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row

READ, REVIEW = Permission.ATTENDANCE_READ, Permission.ATTENDANCE_REVIEW

ROWS: dict[str, Row | Listing | Open] = {
    "list_learning_records": Listing(("learning_record",), READ),
    "get_learning_record": Row("learning_record", READ, reads=True),
    "list_learners": Row("offered", READ),
    "list_teacher_learning_progress": Row("teacher", READ, reads=True),
    "get_learning_progress": Row("learning_progress", READ, reads=True),
    "list_learning_doubts": Listing(("learning_doubt",), READ),
    "get_learning_doubt": Row("learning_doubt", READ, reads=True),
    "dismiss_learning_doubt": Row("learning_doubt", REVIEW, body=fixed(opinion="情况属实")),
    "confirm_learning_doubt": Row("learning_doubt", REVIEW, body=fixed(opinion="并非本人")),
}
