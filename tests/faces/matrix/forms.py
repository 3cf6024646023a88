"""The rows of forms, and of what activities say of themselves: steps, staff, places, results."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Row

_FORM = {
    "code": "own_form", "name_zh": "自设样式", "name_en": "Own form", "kind": "seminar",
    "sources": [{"document": "测试文件", "article": "第一条"}],
}  # fmt: skip
_RESULT = {"work_title": "测试课件", "award": "third"}

ROWS: dict[str, Row | Listing | Open] = {
    "list_forms": Listing(("form",), None, published=True),
    "publish_form": Row("unit", Permission.FORM_PUBLISH, body=of_unit(**_FORM), in_body=True),
    "get_form": Row("form", Permission.ACTIVITY_READ, reads=True),
    "retire_form": Row("form", Permission.FORM_PUBLISH),
    "list_content_kinds": Open("A vocabulary, the same for everybody."),
    "list_content_shares": Row("unit", Permission.SUMMARY_READ),
    "list_steps": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "list_staff": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "add_staff": Row(
        "offered", Permission.ACTIVITY_WRITE,
        body=fixed(role="host", name="测试专家", unit="测试大学"),
    ),
    "remove_staff": Row("staff", Permission.ACTIVITY_WRITE),
    "list_teacher_staff": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "list_destinations": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "add_destination": Row(
        "offered", Permission.ACTIVITY_WRITE, body=fixed(host="测试名校", province="江苏省")
    ),
    "remove_destination": Row("destination", Permission.ACTIVITY_WRITE),
    "list_contest_results": Row("offered", Permission.ATTENDANCE_READ),
    "record_contest_results": Row(
        "offered", Permission.ATTENDANCE_WRITE, also="teacher",
        body=lambda teacher_id: {"results": [{"teacher_id": str(teacher_id), **_RESULT}]},
    ),
    "correct_contest_result": Row(
        "contest_result", Permission.ATTENDANCE_WRITE, body=fixed(**_RESULT, reason="评委复核")
    ),
    "strike_contest_result": Row(
        "contest_result", Permission.ATTENDANCE_WRITE, body=fixed(reason="登记错人")
    ),
    "list_teacher_contest_results": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
}  # fmt: skip
