"""The types of attendance: records in their two views, their changes, rules, and what is sent."""

import strawberry

from app.domain.training import activities, attendance
from app.domain.training.attendance import (
    AttendanceChangeView,
    AttendanceCorrection,
    AttendanceRecorded,
    AttendanceRuleView,
    AttendanceView,
    CheckInCode,
    LineRefused,
    NewAttendance,
    NewAttendanceRule,
    NewCheckIn,
    NewCheckOut,
    OfflineCheckIn,
    ParticipantChangeView,
    ParticipantView,
    RegisterFile,
    RegisterPreview,
    RestOfRegister,
)
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node


@node(attendance.ATTENDANCES, name="Attendance", description="考勤记录 / a record of attendance")
class AttendanceNode(Node, AttendanceView):
    """A record of attendance with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity, null where the actor may not see it",
    )


@strawberry.pydantic.type(name="Participant", description="参训者 / who took part, narrowly")
class ParticipantNode(ParticipantView):
    """A record of attendance as the organiser sees it."""


@node(
    attendance.ATTENDANCE_CHANGES,
    name="AttendanceChange",
    description="考勤变更 / a change of a record of attendance",
)
class AttendanceChangeNode(Node, AttendanceChangeView):
    """A change as the teacher sees it, and those in charge of the teacher."""


@strawberry.pydantic.type(
    name="ParticipantChange", description="参训者的考勤变更 / as the organiser sees it"
)
class ParticipantChangeNode(ParticipantChangeView):
    """A change as the organiser sees it."""


@strawberry.pydantic.type(name="AttendanceRule", description="考勤要求 / what is demanded")
class AttendanceRuleNode(AttendanceRuleView):
    """What an activity demands of attendance."""


@strawberry.pydantic.type(name="CheckInCode", description="签到码 / a check-in code")
class CheckInCodeNode(CheckInCode):
    """The code to be shown in the room now."""


@strawberry.pydantic.type(name="AttendanceRecorded", description="登记结果 / what was recorded")
class AttendanceRecordedNode(AttendanceRecorded):
    """How many records were made or corrected."""


strawberry.pydantic.type(name="LineRefused", description=LineRefused.__doc__)(LineRefused)


@strawberry.pydantic.type(name="RegisterPreview", description="考勤表预检 / what a file would do")
class RegisterPreviewNode(RegisterPreview):
    """What entering a file would do."""


@strawberry.pydantic.input(name="NewCheckIn")
class NewCheckInInput(NewCheckIn):
    """What a teacher gives to check in."""


@strawberry.pydantic.input(name="NewCheckOut")
class NewCheckOutInput(NewCheckOut):
    """What a teacher gives to check out."""


@strawberry.pydantic.input(name="OfflineCheckIn")
class OfflineCheckInInput(OfflineCheckIn):
    """What a teacher hands in who had no network."""


@strawberry.pydantic.input(name="NewAttendanceRule")
class NewAttendanceRuleInput(NewAttendanceRule):
    """What an activity is to demand."""


@strawberry.pydantic.input(name="NewAttendance")
class NewAttendanceInput(NewAttendance):
    """What the organiser records."""


@strawberry.pydantic.input(name="RestOfRegister")
class RestOfRegisterInput(RestOfRegister):
    """What the organiser records of the rest."""


@strawberry.pydantic.input(name="RegisterFile")
class RegisterFileInput(RegisterFile):
    """A register as a file."""


@strawberry.pydantic.input(name="AttendanceCorrection")
class AttendanceCorrectionInput(AttendanceCorrection):
    """What a record should say, and why."""
