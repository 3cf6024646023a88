"""What may be asked about attendance over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import attendance
from app.domain.training.attendance import AttendanceStatus
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.attendance.types import (
    AttendanceChangeNode,
    AttendanceNode,
    AttendanceRuleNode,
    CheckInCodeNode,
    ParticipantChangeNode,
    ParticipantNode,
)
from app.request import now


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
        description="活动的考勤要求 / what is demanded", graphql_type=AttendanceRuleNode
    )
    async def attendance_rule(self, info: Info[Context], activity_id: UUID) -> Any:
        """What an activity demands of attendance."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: attendance.get_attendance_rule(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="活动的考勤变更 / what was changed",
        graphql_type=Connection[ParticipantChangeNode],
    )
    async def attendance_changes(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        session_id: UUID | None = None,
    ) -> Any:
        """A page of what was changed in the attendance of an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: attendance.list_attendance_changes(
                db, actor, activity_id=activity_id, page=page, session_id=session_id
            ),
        )

    @strawberry.field(
        description="教师的考勤变更 / of one teacher",
        graphql_type=Connection[AttendanceChangeNode],
    )
    async def teacher_attendance_changes(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of what was changed in a teacher's attendance."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: attendance.list_teacher_attendance_changes(
                db, actor, teacher_id=teacher_id, page=page
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
