"""What may be done with attendance over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits.entries import teachers_credited
from app.domain.training import attendance
from app.graphql.context import Context
from app.graphql.training.attendance.types import (
    AttendanceCorrectionInput,
    AttendanceNode,
    AttendanceRecordedNode,
    AttendanceRuleNode,
    NewAttendanceInput,
    NewAttendanceRuleInput,
    NewCheckInInput,
    NewCheckOutInput,
    OfflineCheckInInput,
    ParticipantNode,
    RegisterFileInput,
    RegisterPreviewNode,
    RestOfRegisterInput,
)
from app.request import now


@strawberry.type
class AttendanceMutations:
    """What may be done with attendance."""

    @strawberry.mutation(description="签到 / check in", graphql_type=AttendanceNode)
    async def check_in(self, info: Info[Context], session_id: UUID, given: NewCheckInInput) -> Any:
        """Check in with the code shown in the room."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.check_in(
                db,
                actor,
                session_id=session_id,
                given=given,
                now=now(),
                provenance=info.context.came_from,
            )

    @strawberry.mutation(
        description="补交离线签到 / hand in a code seen offline", graphql_type=AttendanceNode
    )
    async def check_in_offline(
        self, info: Info[Context], session_id: UUID, given: OfflineCheckInInput
    ) -> Any:
        """Hand in a code that was seen without a network."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.check_in_offline(
                db,
                actor,
                session_id=session_id,
                given=given,
                now=now(),
                provenance=info.context.came_from,
            )

    @strawberry.mutation(description="签退 / check out", graphql_type=AttendanceNode)
    async def check_out(
        self, info: Info[Context], session_id: UUID, given: NewCheckOutInput
    ) -> Any:
        """Give the code once more on leaving."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.check_out(
                db, actor, session_id=session_id, given=given, now=now()
            )

    @strawberry.mutation(
        description="设定考勤要求 / decide what is demanded", graphql_type=AttendanceRuleNode
    )
    async def set_attendance_rule(
        self, info: Info[Context], activity_id: UUID, new: NewAttendanceRuleInput
    ) -> Any:
        """Decide what an activity demands of attendance."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.set_attendance_rule(db, actor, activity_id=activity_id, new=new)

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

    @strawberry.mutation(
        description="登记其余人员 / record the rest", graphql_type=AttendanceRecordedNode
    )
    async def complete_attendance(
        self, info: Info[Context], session_id: UUID, rest: RestOfRegisterInput
    ) -> Any:
        """Record the same of everybody who is expected and has no record yet."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.complete_attendance(
                db, actor, session_id=session_id, rest=rest, now=now()
            )

    @strawberry.mutation(
        description="预检考勤表 / read a register through", graphql_type=RegisterPreviewNode
    )
    async def preview_register_file(
        self, info: Info[Context], session_id: UUID, file: RegisterFileInput
    ) -> Any:
        """What entering a register as a file would do."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.preview_register_file(
                db, actor, session_id=session_id, file=file, now=now()
            )

    @strawberry.mutation(
        description="导入考勤表 / enter a register", graphql_type=AttendanceRecordedNode
    )
    async def enter_register_file(
        self, info: Info[Context], session_id: UUID, file: RegisterFileInput
    ) -> Any:
        """Enter a register as a file, whole or not at all."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.enter_register_file(
                db, actor, session_id=session_id, file=file, now=now()
            )

    @strawberry.mutation(description="更正考勤 / correct a record", graphql_type=ParticipantNode)
    async def correct_attendance(
        self, info: Info[Context], attendance_id: UUID, correction: AttendanceCorrectionInput
    ) -> Any:
        """Let a record say something else, with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await attendance.correct_attendance(
                db,
                actor,
                attendance_id=attendance_id,
                correction=correction,
                credited=teachers_credited,
                now=now(),
            )
