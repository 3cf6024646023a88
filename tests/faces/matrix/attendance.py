"""The rows of attendance beyond codes and the register: leaving, files, corrections, leave, doubts."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Personal, Row

_FILE = fixed(format="csv", content="姓名,学校,出勤状态\n测试甲,甲县第一小学,出席\n")
_CODE = "ABCD2345"

ROWS: dict[str, Row | Listing | Open] = {
    "get_attendance_rule": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "set_attendance_rule": Row("offered", Permission.ACTIVITY_WRITE, body=fixed(late_after=10)),
    "check_in_offline": Personal(
        "offered_session", Permission.PARTICIPATE,
        body=fixed(code=_CODE, seen_at="2026-11-20T10:00:00+08:00"),
    ),
    "check_out": Personal("offered_session", Permission.PARTICIPATE, body=fixed(code=_CODE)),
    "complete_attendance": Row(
        "offered_session", Permission.ATTENDANCE_WRITE, body=fixed(status="absent")
    ),
    "preview_register_file": Row("offered_session", Permission.ATTENDANCE_WRITE, body=_FILE),
    "enter_register_file": Row("offered_session", Permission.ATTENDANCE_WRITE, body=_FILE),
    "correct_attendance": Row(
        "participant", Permission.ATTENDANCE_WRITE,
        body=fixed(status="late", reason="签到设备故障"),
    ),
    "list_attendance_changes": Row("offered", Permission.ATTENDANCE_READ),
    "list_teacher_attendance_changes": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "request_leave": Personal(
        "offered_session", Permission.PARTICIPATE, body=fixed(reason="外出学习")
    ),
    "get_leave": Row("leave", Permission.ATTENDANCE_READ, reads=True),
    "withdraw_leave": Row("leave", Permission.PARTICIPATE),
    "approve_leave": Row(
        "participant_leave", Permission.ATTENDANCE_WRITE, body=fixed(opinion="同意")
    ),
    "decline_leave": Row(
        "participant_leave", Permission.ATTENDANCE_WRITE, body=fixed(opinion="不同意")
    ),
    "list_leaves": Row("offered", Permission.ATTENDANCE_READ),
    "list_teacher_leaves": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "list_doubts": Listing(("doubt",), Permission.ATTENDANCE_READ),
    "get_doubt": Row("doubt", Permission.ATTENDANCE_READ, reads=True),
    "dismiss_doubt": Row("doubt", Permission.ATTENDANCE_REVIEW, body=fixed(opinion="情况属实")),
    "confirm_doubt": Row("doubt", Permission.ATTENDANCE_REVIEW, body=fixed(opinion="代签属实")),
}  # fmt: skip
