"""Trainees in activities over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activity_trainees
from app.domain.training.activity_trainees import (
    ActivityTraineeView,
    NewActivityTrainees,
    NewTraineeAttendance,
    TraineeParticipationView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    activity_trainees.ACTIVITY_TRAINEES,
    name="ActivityTrainee",
    description="参加活动的学员 / a trainee in an activity",
)
class ActivityTraineeNode(Node, ActivityTraineeView):
    """A trainee in an activity."""


@strawberry.pydantic.type(
    name="TraineeParticipation", description="学员参加情况 / trainees of a category"
)
class TraineeParticipationNode(TraineeParticipationView):
    """How many trainees of a category took part."""


@strawberry.pydantic.input(name="NewActivityTrainees")
class NewActivityTraineesInput(NewActivityTrainees):
    """Who takes part."""


@strawberry.pydantic.input(name="NewTraineeAttendance")
class NewTraineeAttendanceInput(NewTraineeAttendance):
    """What trainees were at a session."""


@strawberry.type
class ActivityTraineeQueries:
    """What may be asked about trainees in activities."""

    @strawberry.field(
        description="参加活动的学员 / trainees of an activity",
        graphql_type=Connection[ActivityTraineeNode],
    )
    async def activity_trainees(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of the trainees of an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: activity_trainees.list_activity_trainees(
                db, actor, activity_id=activity_id, page=page
            ),
        )

    @strawberry.field(
        description="学员参加情况，与教师分开统计 / trainees in what a unit organised, no teachers",
        graphql_type=list[TraineeParticipationNode],
    )
    async def trainee_participation(
        self,
        info: Info[Context],
        unit_id: UUID,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """Trainees in what a unit organised, by category."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: activity_trainees.list_trainee_participation(
                db, actor, unit_id=unit_id, now=now(), since=since, until=until
            )
        )


@strawberry.type
class ActivityTraineeMutations:
    """What may be done with trainees in activities."""

    @strawberry.mutation(
        description="登记学员 / enter trainees", graphql_type=list[ActivityTraineeNode]
    )
    async def enter_activity_trainees(
        self, info: Info[Context], activity_id: UUID, new: NewActivityTraineesInput
    ) -> Any:
        """Enter trainees into an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activity_trainees.enter_activity_trainees(
                db, actor, activity_id=activity_id, new=new, now=now()
            )

    @strawberry.mutation(description="移除学员 / take one out", graphql_type=ActivityTraineeNode)
    async def remove_activity_trainee(self, info: Info[Context], part_id: UUID) -> Any:
        """Take a trainee out of an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activity_trainees.remove_activity_trainee(db, actor, part_id=part_id)

    @strawberry.mutation(
        description="登记学员考勤 / keep their roll", graphql_type=list[ActivityTraineeNode]
    )
    async def record_trainee_attendance(
        self, info: Info[Context], session_id: UUID, new: NewTraineeAttendanceInput
    ) -> Any:
        """Keep the roll of trainees at a session."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activity_trainees.record_trainee_attendance(
                db, actor, session_id=session_id, new=new, now=now()
            )
