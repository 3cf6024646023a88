"""Attendance: by code, by the roll, by file, offline; leave, corrections, doubts; and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.cli.tour.semester.cast import Semester
from app.cli.tour.semester.holding import announce
from app.cli.tour.semester.scene import Scene
from app.cli.tour.stage import Stage

_DEVICE = {"device": "demo-device-0123456789"}


def _by_code(stage: Stage, semester: Semester) -> None:
    """The school shows a code that changes (`get_check_in_code`), teachers give it (`check_in`); the same
    twice is the same record, a code that was made up is refused (`check_in_code_wrong`), and so is the
    code of another session, or of this one by somebody whom it is not for (`session_not_found`).
    """
    held = announce(
        stage, semester, "听课评课", [semester.days.running], requires_note=True, kind="seminar"
    )
    semester.made["running"] = held.id
    semester.made["running_session"] = held.session_ids[0]
    path = f"{held.session}/check-in"
    code = stage.call(semester.school, "GET", f"{path}-code")["code"]
    first, second, third = semester.teachers[:3]
    one = stage.call(first, "POST", path, json={"code": code} | _DEVICE)
    again = stage.call(first, "POST", path, json={"code": code} | _DEVICE)
    stage.check(one["id"] == again["id"], "checking in again made another record")
    stage.call(second, "POST", path, json={"code": code} | _DEVICE)
    made_up = {"code": "00000000" if code != "00000000" else "11111111"}
    stage.call(third, "POST", path, expect="check_in_code_wrong", json=made_up)
    stage.call(semester.stranger, "POST", path, expect="session_not_found", json={"code": code})
    semester.made["code"] = code


def _refused(stage: Stage, semester: Semester) -> None:
    """Before the session opens and after it is over (`check_in_closed`), with the code of another session
    (`check_in_code_wrong`), and offline with a code that was not shown then (`offline_code_wrong`).
    """
    days = semester.days
    for title, time in (("尚未开始", days.coming(5, 9)), ("已经结束", days.over(40))):
        held = announce(stage, semester, title, [time])
        path = f"{held.session}/check-in"
        code = stage.call(semester.school, "GET", f"{path}-code")["code"]
        stage.call(
            semester.teachers[2], "POST", path, expect="check_in_closed", json={"code": code}
        )
    other = announce(stage, semester, "同时段另一活动", [days.running])
    path, copied = f"{other.session}/check-in", {"code": semester.made["code"]}
    stage.call(semester.teachers[2], "POST", path, expect="check_in_code_wrong", json=copied)
    earlier = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    stale = copied | {"seen_at": earlier}
    path = f"/sessions/{semester.made['running_session']}/check-in-offline"
    expired = "offline_code_wrong"
    stage.call(semester.teachers[2], "POST", path, expect=expired, json=stale)


def _offline(stage: Stage, semester: Semester) -> None:
    """A phone without network hands in the code with the moment at which it was shown
    (`check_in_offline`).
    """
    session = f"/sessions/{semester.made['running_session']}"
    code = stage.call(semester.school, "GET", f"{session}/check-in-code")["code"]
    seen = {"code": code, "seen_at": datetime.now(UTC).isoformat()}
    record = stage.call(semester.teachers[2], "POST", f"{session}/check-in-offline", json=seen)
    stage.check(record["method"] == "offline", "it is not told that it was offline")


def _by_roll(stage: Stage, semester: Semester) -> None:
    """A file whose second line names nobody is refused whole after a preview that says which line;
    the right one is entered (`enter_register_file`), everybody else is excused by leave or entered as
    absent (`complete_attendance`).
    """
    session = f"/sessions/{semester.made['running_session']}/attendance"
    lines = f"教师标识,出勤状态\n{semester.teacher_ids[3]},出席\n"
    wrong = {"format": "csv", "content": lines + "01a00000-0000-7000-8000-000000000000,出席\n"}
    preview = stage.call(semester.school, "POST", f"{session}/file-preview", json=wrong)
    (line,) = preview["refused"]
    stage.note(f"第 {line['line']} 行 / line: {line['code']}")
    stage.call(
        semester.school, "POST", f"{session}/file", expect="attendance_file_refused", json=wrong
    )
    right = wrong | {"content": lines}
    stage.call(semester.school, "POST", f"{session}/file", json=right)
    rest = {"status": "absent", "expected": "audience"}
    entered = stage.call(semester.school, "POST", f"{session}/rest", json=rest)
    stage.check(entered["recorded"] == 2, "not exactly the two who were left out")


def _leave(stage: Stage, semester: Semester) -> None:
    """A teacher asks for leave (`request_leave`), nobody else decides it but who keeps the register
    (`approve_leave`); the register says excused; who was there needs none (`leave_attended`).
    """
    path = f"/sessions/{semester.made['running_session']}/leaves"
    reason = {"reason": "参加县里的教研会议"}
    leave = stage.call(semester.teachers[4], "POST", path, expect=201, json=reason)
    stage.call(semester.teachers[0], "POST", path, expect="leave_attended", json=reason)
    opinion = {"opinion": "同意，会后补看录像。"}
    stage.call(semester.school, "POST", f"/leaves/{leave['id']}/approve", json=opinion)
    record = _record_of(stage, semester, semester.teacher_ids[4])
    stage.check(record["status"] == "excused", "the register does not say so")


def _record_of(stage: Stage, semester: Semester, teacher_id: str) -> dict[str, Any]:
    path = f"/activities/{semester.made['running']}/attendance"
    rows = stage.call(semester.school, "GET", path)["items"]
    (record,) = [each for each in rows if each["teacher_id"] == teacher_id]
    return dict(record)


def _corrected(stage: Stage, semester: Semester) -> None:
    """`correct_attendance` asks for a reason, and `list_teacher_attendance_changes` shows the teacher
    what was changed, by whom, and why.
    """
    teacher_id = semester.teacher_ids[3]
    path = f"/attendance/{_record_of(stage, semester, teacher_id)['id']}/correct"
    stage.call(semester.school, "POST", path, expect=422, json={"status": "late"})
    late = {"status": "late", "reason": "迟到十分钟，本人说明"}
    stage.call(semester.school, "POST", path, json=late)
    asked = f"/teachers/{teacher_id}/attendance-changes"
    rows = stage.call(semester.teachers[3], "GET", asked)["items"]
    stage.check(late["reason"] in str(rows), "the teacher does not see why")


SCENES = (
    Scene(
        _by_code,
        "轮换签到码签到：重复、编造与局外人",
        "By a code that changes: twice, made up, and by an outsider",
        "R85",
    ),
    Scene(
        _refused,
        "早到、晚到、抄来的码与过期的码",
        "Too early, too late, a copied code, an expired one",
        "R85",
    ),
    Scene(_offline, "离线签到", "Without a network", "R85"),
    Scene(_by_roll, "考勤表导入与补录", "By file, and the rest by the roll", "R85"),
    Scene(_leave, "请假与审批", "Leave, and its approval", "R85"),
    Scene(_corrected, "更正须说明理由", "A correction says why", "R85"),
)


def doubts(stage: Stage, semester: Semester) -> None:
    """Closing it has found that two teachers came by one device (`list_doubts`); nothing has changed by
    it, and who decides says why (`dismiss_doubt`).
    """
    path = f"/attendance-doubts?activity_id={semester.made['running']}"
    found = stage.call(semester.school, "GET", path)["items"]
    (shared,) = [each for each in found if each["kind"] == "shared_device"]
    stage.check(len(shared["people"]) == 2, "not the two who shared a device")
    opinion = {"opinion": "一人手机没电，两人同用一部，值班人员在场。"}
    dismiss = f"/attendance-doubts/{shared['id']}/dismiss"
    stage.call(semester.school, "POST", dismiss, json=opinion)
    stage.call(semester.school, "POST", dismiss, expect="attendance_doubt_decided", json=opinion)
