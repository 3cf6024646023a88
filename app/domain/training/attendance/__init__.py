"""Attendance (考勤): who took part in a session, by a code or as the organiser recorded it.

In reading order: `record` (table, the two doors, reads), `changes` (what a record was before), `rules`
(what an activity demands), `codes` and `marks` (pure), `situation`, `checking_in`, `checking_out`,
`offline`, `writing`, `register`, `lines` and
`filing` (the register as a file), `correcting`.
"""

from app.domain.training.attendance.changes import (
    ATTENDANCE_CHANGES,
    PARTICIPANT_CHANGES,
    AttendanceChange,
    AttendanceChangeView,
    ParticipantChangeView,
    list_attendance_changes,
    list_teacher_attendance_changes,
)
from app.domain.training.attendance.checking_in import (
    CheckInCode,
    NewCheckIn,
    WrongCode,
    check_in,
    get_check_in_code,
)
from app.domain.training.attendance.checking_out import (
    LATEST,
    CheckOutBeforeCheckIn,
    CheckOutClosed,
    CheckOutNotAsked,
    NewCheckOut,
    check_out,
)
from app.domain.training.attendance.codes import STEP, code_at
from app.domain.training.attendance.correcting import (
    AttendanceCorrection,
    AttendanceCredited,
    AttendanceOfOneself,
    TeachersCredited,
    correct_attendance,
)
from app.domain.training.attendance.filing import (
    LineRefused,
    RegisterPreview,
    RegisterRefused,
    enter_register_file,
    preview_register_file,
)
from app.domain.training.attendance.lines import (
    RegisterFile,
    RegisterFormat,
    RegisterUnreadable,
)
from app.domain.training.attendance.offline import (
    ClockAhead,
    HandedInTooLate,
    OfflineCheckIn,
    OfflineCodeWrong,
    check_in_offline,
)
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
    Expected,
    NewAttendance,
    NotBegun,
    OutsideAudience,
    RestOfRegister,
    complete_attendance,
    record_attendance,
)
from app.domain.training.attendance.rules import (
    AttendanceRule,
    AttendanceRuleView,
    NewAttendanceRule,
    get_attendance_rule,
    set_attendance_rule,
)
from app.domain.training.attendance.situation import (
    EARLIEST,
    OPEN_STATES,
    CheckInClosed,
    EnteredAbsent,
)
from app.domain.training.attendance.writing import ATTENDED, WERE_THERE, write_records

__all__ = [
    "ATTENDANCES",
    "ATTENDANCE_CHANGES",
    "ATTENDED",
    "EARLIEST",
    "LATEST",
    "OPEN_STATES",
    "PARTICIPANTS",
    "PARTICIPANT_CHANGES",
    "STEP",
    "WERE_THERE",
    "Attendance",
    "AttendanceChange",
    "AttendanceChangeView",
    "AttendanceCorrection",
    "AttendanceCredited",
    "AttendanceMethod",
    "AttendanceNotFound",
    "AttendanceOfOneself",
    "AttendanceRecorded",
    "AttendanceRole",
    "AttendanceRule",
    "AttendanceRuleView",
    "AttendanceStatus",
    "AttendanceView",
    "CheckInClosed",
    "CheckInCode",
    "CheckOutBeforeCheckIn",
    "CheckOutClosed",
    "CheckOutNotAsked",
    "ClockAhead",
    "EnteredAbsent",
    "Expected",
    "HandedInTooLate",
    "LineRefused",
    "NewAttendance",
    "NewAttendanceRule",
    "NewCheckIn",
    "NewCheckOut",
    "NotBegun",
    "OfflineCheckIn",
    "OfflineCodeWrong",
    "OutsideAudience",
    "ParticipantChangeView",
    "ParticipantView",
    "RegisterFile",
    "RegisterFormat",
    "RegisterPreview",
    "RegisterRefused",
    "RegisterUnreadable",
    "RestOfRegister",
    "TeachersCredited",
    "WrongCode",
    "attendance_of",
    "check_in",
    "check_in_offline",
    "check_out",
    "code_at",
    "complete_attendance",
    "correct_attendance",
    "enter_register_file",
    "get_attendance_rule",
    "get_check_in_code",
    "list_attendance",
    "list_attendance_changes",
    "list_teacher_attendance",
    "list_teacher_attendance_changes",
    "preview_register_file",
    "record_attendance",
    "set_attendance_rule",
    "write_records",
]
