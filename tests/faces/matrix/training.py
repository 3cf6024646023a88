"""The rows of training."""

from typing import Any
from uuid import UUID

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed, of_unit
from tests.faces.rule import Listing, Open, Personal, Row


def _activity(unit_id: UUID) -> dict[str, Any]:
    return {
        "organiser_unit_id": str(unit_id), "title": "新活动", "kind": "lecture",
        "mode": "concentrated", "channel": "school_based", "hours": "2",
        "starts_on": "2026-11-20", "ends_on": "2026-11-20",
    }  # fmt: skip


def _session(_: UUID) -> dict[str, Any]:
    return {
        "starts_at": "2026-11-20T19:00:00+08:00", "ends_at": "2026-11-20T21:00:00+08:00",
        "place": "会议室", "speaker": "主讲", "hours": "2",
    }  # fmt: skip


ROWS: dict[str, Row | Listing | Open] = {
    "list_groups": Listing(("group",), Permission.GROUP_READ),
    "create_group": Row(
        "unit", Permission.GROUP_WRITE, body=of_unit(name="新组", kind="project"), in_body=True
    ),
    "get_group": Row("group", Permission.GROUP_READ, reads=True),
    "list_members": Row("group", Permission.GROUP_READ, reads=True),
    "update_group": Row("group", Permission.GROUP_WRITE, body=fixed(name="改名")),
    "close_group": Row("group", Permission.GROUP_WRITE),
    "list_group_history": Row("group", Permission.GROUP_READ, reads=True),
    "change_duty": Row(
        "group", Permission.GROUP_WRITE, also="teacher", absent="group_member_not_found",
        body=fixed(duty="head"),
    ),
    "list_group_defaults": Row("unit", Permission.GROUP_READ),
    "list_schools_without_default_group": Listing(("school",), Permission.GROUP_READ),
    "create_default_groups": Row("unit", Permission.GROUP_WRITE),
    "add_member": Row(
        "group", Permission.GROUP_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_id": str(teacher_id)},
    ),
    "end_membership": Row(
        "group", Permission.GROUP_WRITE, also="teacher", absent="group_member_not_found"
    ),
    "list_activities": Listing(("activity", "offered"), Permission.ACTIVITY_READ),
    "list_offered_activities": Listing(
        ("activity", "offered"), Permission.ACTIVITY_READ, published=True
    ),
    "create_activity": Row("unit", Permission.ACTIVITY_WRITE, body=_activity, in_body=True),
    "get_activity": Row("activity", Permission.ACTIVITY_READ, reads=True),
    "update_activity": Row("activity", Permission.ACTIVITY_WRITE, body=fixed(title="改名")),
    "publish_activity": Row("activity", Permission.ACTIVITY_WRITE),
    "hold_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "close_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "cancel_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "list_sessions": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "add_session": Row("activity", Permission.ACTIVITY_WRITE, body=_session),
    "get_session": Row("offered_session", Permission.ACTIVITY_READ, reads=True),
    "remove_session": Row("session", Permission.ACTIVITY_WRITE),
    "list_enrolments": Row("offered", Permission.ATTENDANCE_READ),
    "enrol_oneself": Personal("offered", Permission.PARTICIPATE),
    "withdraw_enrolment": Personal(
        "offered", Permission.PARTICIPATE, absent="enrolment_not_found"
    ),
    "list_teacher_enrolments": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "get_check_in_code": Row("offered_session", Permission.ATTENDANCE_WRITE),
    "check_in": Personal("offered_session", Permission.PARTICIPATE, body=fixed(code="ABCD2345")),
    "record_attendance": Row(
        "offered_session", Permission.ATTENDANCE_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_ids": [str(teacher_id)], "status": "present"},
    ),
    "list_attendance": Row("offered", Permission.ATTENDANCE_READ),
    "list_teacher_attendance": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
    "list_notes": Row("offered", Permission.ATTENDANCE_READ),
    "submit_note": Personal(
        "offered", Permission.PARTICIPATE, body=fixed(kind="note", text="研修笔记" * 10)
    ),
    "list_calendar_links": Open("One's own links."),
    "create_calendar_link": Open("It shows what its owner may see; tested with the links."),
    "revoke_calendar_link": Open("One's own links; another's is none of them."),
    "list_teacher_notes": Row("teacher", Permission.ATTENDANCE_READ, reads=True),
}  # fmt: skip
