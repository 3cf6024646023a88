"""Plans of sessions over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import session_plans
from app.domain.training.session_plans import (
    NewSessionPlan,
    SessionPlanOpinion,
    SessionPlanRevision,
    SessionPlanState,
    SessionPlanView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    session_plans.SESSION_PLANS,
    name="SessionPlan",
    description="培训者方案 / the plan of a session",
)
class SessionPlanNode(Node, SessionPlanView):
    """The plan of a session."""


@strawberry.pydantic.input(name="NewSessionPlan")
class NewSessionPlanInput(NewSessionPlan):
    """The plan of a session, to be reviewed."""


@strawberry.pydantic.input(name="SessionPlanRevision")
class SessionPlanRevisionInput(SessionPlanRevision):
    """The plan of a session as it is now meant."""


@strawberry.pydantic.input(name="SessionPlanOpinion")
class SessionPlanOpinionInput(SessionPlanOpinion):
    """What the reviewer says."""


@strawberry.type
class SessionPlanQueries:
    """What may be asked about plans of sessions."""

    @strawberry.field(
        description="培训者方案列表 / plans of sessions", graphql_type=Connection[SessionPlanNode]
    )
    async def session_plans(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        state: SessionPlanState | None = None,
    ) -> Any:
        """Plans of sessions within reach, the first handed in first (`submitted_at`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: session_plans.list_session_plans(
                db, actor, page=page, activity_id=activity_id, state=state
            ),
        )

    @strawberry.field(
        description="一个培训者方案 / the plan of a session", graphql_type=SessionPlanNode
    )
    async def session_plan(self, info: Info[Context], id: UUID) -> Any:
        """The plan of a session."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: session_plans.get_session_plan(db, actor, session_plan_id=id)
        )


@strawberry.type
class SessionPlanMutations:
    """What may be done about plans of sessions."""

    @strawberry.mutation(
        description="报送培训者方案 / hand in the plan of a session", graphql_type=SessionPlanNode
    )
    async def submit_session_plan(
        self, info: Info[Context], session_id: UUID, new: NewSessionPlanInput
    ) -> Any:
        """Hand in the plan of a session."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await session_plans.submit_session_plan(
                db, actor, session_id=session_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="修改后重新报送 / hand it in again", graphql_type=SessionPlanNode
    )
    async def revise_session_plan(
        self, info: Info[Context], session_plan_id: UUID, revision: SessionPlanRevisionInput
    ) -> Any:
        """Hand the plan of a session in again, as it is now meant."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await session_plans.revise_session_plan(
                db, actor, session_plan_id=session_plan_id, revision=revision, now=now()
            )

    @strawberry.mutation(
        description="审核通过 / approve the plan of a session", graphql_type=SessionPlanNode
    )
    async def approve_session_plan(
        self, info: Info[Context], session_plan_id: UUID, opinion: SessionPlanOpinionInput
    ) -> Any:
        """Agree to the plan of a session."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await session_plans.approve_session_plan(
                db, actor, session_plan_id=session_plan_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(
        description="退回 / return the plan of a session", graphql_type=SessionPlanNode
    )
    async def return_session_plan(
        self, info: Info[Context], session_plan_id: UUID, opinion: SessionPlanOpinionInput
    ) -> Any:
        """Give the plan of a session back to be revised, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await session_plans.return_session_plan(
                db, actor, session_plan_id=session_plan_id, opinion=opinion, now=now()
            )
