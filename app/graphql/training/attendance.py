"""Attendance over GraphQL: codes, checking in, the register."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, attendance
from app.domain.training.attendance import (
    AttendanceRecorded,
    AttendanceStatus,
    AttendanceView,
    CheckInCode,
    NewAttendance,
    NewCheckIn,
    ParticipantView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


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


@strawberry.pydantic.type(name="CheckInCode", description="签到码 / a check-in code")
class CheckInCodeNode(CheckInCode):
    """The code to be shown in the room now."""


@strawberry.pydantic.type(name="AttendanceRecorded", description="登记结果 / what was recorded")
class AttendanceRecordedNode(AttendanceRecorded):
    """How many records were made or corrected."""


@strawberry.pydantic.input(name="NewCheckIn")
class NewCheckInInput(NewCheckIn):
    """What a teacher gives to check in."""


@strawberry.pydantic.input(name="NewAttendance")
class NewAttendanceInput(NewAttendance):
    """What the organiser records."""


@strawberry.type
class AttendanceQueries:
    """What may be asked about attendance."""

    @strawberry.field(description="当前签到码 / the code to be shown", graphql_type=CheckInCodeNode)
    async def check_in_code(self, info: Info[Context], session_id: UUID) -> Any:
        """The code of a session now."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: attendance.get_check_in_code(db, actor, session_id=session_id, now=now())
        )

    @strawberry.field(
        description="活动考勤 / who took part", graphql_type=Connection[ParticipantNode]
    )
    async def attendance(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        session_id: UUID | None = None,
        status: AttendanceStatus | None = None,
    ) -> Any:
        """A page of those who took part in an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: attendance.list_attendance(
                db, actor, activity_id=activity_id, page=page, session_id=session_id, status=status
            ),
        )

    @strawberry.field(
        description="教师的考勤 / of one teacher", graphql_type=Connection[AttendanceNode]
    )
    async def teacher_attendance(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of a teacher's attendance."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: attendance.list_teacher_attendance(
                db, actor, teacher_id=teacher_id, page=page
            ),
        )


@strawberry.type
class AttendanceMutations:
    """What may be done with attendance."""

    @strawberry.mutation(description="签到 / check in", graphql_type=AttendanceNode)
    async def check_in(self, info: Info[Context], session_id: UUID, given: NewCheckInInput) -> Any:
        """Check in with the code shown in the room."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.check_in(
                db, actor, session_id=session_id, given=given, now=now()
            )

    @strawberry.mutation(description="登记考勤 / record", graphql_type=AttendanceRecordedNode)
    async def record_attendance(
        self, info: Info[Context], session_id: UUID, new: NewAttendanceInput
    ) -> Any:
        """Record or correct the attendance of many teachers at once."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.record_attendance(
                db, actor, session_id=session_id, new=new, now=now()
            )
