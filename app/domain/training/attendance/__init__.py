"""Attendance (考勤): who took part in a session, by a code or as the organiser recorded it.

In reading order: `record` (table, the two doors, reads), `codes` (pure), `checking_in`, `register`.
"""

from app.domain.training.attendance.checking_in import (
    EARLIEST,
    OPEN_STATES,
    CheckInClosed,
    CheckInCode,
    NewCheckIn,
    WrongCode,
    check_in,
    get_check_in_code,
)
from app.domain.training.attendance.codes import STEP, code_at
from app.domain.training.attendance.record import (
    ATTENDANCES,
    PARTICIPANTS,
    Attendance,
    AttendanceMethod,
    AttendanceNotFound,
    AttendanceRole,
    AttendanceStatus,
    AttendanceView,
    ParticipantView,
    attendance_of,
    list_attendance,
    list_teacher_attendance,
)
from app.domain.training.attendance.register import (
    AttendanceRecorded,
    NewAttendance,
    NotBegun,
    OutsideAudience,
    record_attendance,
)

__all__ = [
    "ATTENDANCES",
    "EARLIEST",
    "OPEN_STATES",
    "PARTICIPANTS",
    "STEP",
    "Attendance",
    "AttendanceMethod",
    "AttendanceNotFound",
    "AttendanceRecorded",
    "AttendanceRole",
    "AttendanceStatus",
    "AttendanceView",
    "CheckInClosed",
    "CheckInCode",
    "NewAttendance",
    "NewCheckIn",
    "NotBegun",
    "OutsideAudience",
    "ParticipantView",
    "WrongCode",
    "attendance_of",
    "check_in",
    "code_at",
    "get_check_in_code",
    "list_attendance",
    "list_teacher_attendance",
    "record_attendance",
]
