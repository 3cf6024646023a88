"""Leave over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, leaves
from app.domain.training.leaves import (
    LeaveOpinion,
    LeaveState,
    LeaveView,
    NewLeave,
    ParticipantLeaveView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(leaves.LEAVES, name="Leave", description="请假 / a request for leave")
class LeaveNode(Node, LeaveView):
    """A request for leave with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity, null where the actor may not see it",
    )


@strawberry.pydantic.type(
    name="ParticipantLeave", description="参训者的请假 / as the organiser sees it"
)
class ParticipantLeaveNode(ParticipantLeaveView):
    """A request for leave as the organiser sees it."""


@strawberry.pydantic.input(name="NewLeave")
class NewLeaveInput(NewLeave):
    """Why somebody asks for leave."""


@strawberry.pydantic.input(name="LeaveOpinion")
class LeaveOpinionInput(LeaveOpinion):
    """What is answered."""


@strawberry.type
class LeaveQueries:
    """What may be asked about leave."""

    @strawberry.field(description="一项请假 / one request", graphql_type=LeaveNode)
    async def leave(self, info: Info[Context], id: UUID) -> Any:
        """One request for leave."""
        actor = info.context.actor
        return await info.context.read(lambda db: leaves.get_leave(db, actor, leave_id=id))

    @strawberry.field(
        description="活动的请假 / from an activity", graphql_type=Connection[ParticipantLeaveNode]
    )
    async def leaves(
        self,
        info: Info[Context],
        activity_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        session_id: UUID | None = None,
        state: LeaveState | None = None,
    ) -> Any:
        """A page of those who asked for leave from an activity."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: leaves.list_leaves(
                db, actor, activity_id=activity_id, page=page, session_id=session_id, state=state
            ),
        )

    @strawberry.field(description="教师的请假 / of one teacher", graphql_type=Connection[LeaveNode])
    async def teacher_leaves(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of the leave that a teacher has asked for."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: leaves.list_teacher_leaves(db, actor, teacher_id=teacher_id, page=page),
        )


@strawberry.type
class LeaveMutations:
    """What may be done with leave."""

    @strawberry.mutation(description="请假 / ask for leave", graphql_type=LeaveNode)
    async def request_leave(self, info: Info[Context], session_id: UUID, new: NewLeaveInput) -> Any:
        """Ask for leave from a session."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await leaves.request_leave(db, actor, session_id=session_id, new=new, now=now())

    @strawberry.mutation(description="批准请假 / give leave", graphql_type=ParticipantLeaveNode)
    async def approve_leave(
        self, info: Info[Context], leave_id: UUID, decision: LeaveOpinionInput
    ) -> Any:
        """Give leave."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await leaves.approve_leave(
                db, actor, leave_id=leave_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="不予准假 / give none", graphql_type=ParticipantLeaveNode)
    async def decline_leave(
        self, info: Info[Context], leave_id: UUID, decision: LeaveOpinionInput
    ) -> Any:
        """Give no leave, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await leaves.decline_leave(
                db, actor, leave_id=leave_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="撤回请假 / take one's request back", graphql_type=LeaveNode)
    async def withdraw_leave(self, info: Info[Context], leave_id: UUID) -> Any:
        """Take one's own request back while it waits."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await leaves.withdraw_leave(db, actor, leave_id=leave_id, now=now())
