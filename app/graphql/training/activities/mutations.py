"""What may be done with activities and their sessions."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, closing
from app.graphql.context import Context
from app.graphql.training.activities.types import (
    ActivityChangesInput,
    ActivityNode,
    NewActivityInput,
    NewSessionInput,
    SessionNode,
)
from app.request import now


@strawberry.type
class ActivityMutations:
    """What may be done with activities."""

    @strawberry.mutation(description="起草活动 / draft an activity", graphql_type=ActivityNode)
    async def create_activity(self, info: Info[Context], new: NewActivityInput) -> Any:
        """Draft an activity, for a unit or for a group."""
        async with info.context.transaction() as db:
            return await activities.create_activity(db, info.context.actor, new=new)

    @strawberry.mutation(description="修改草稿 / change a draft", graphql_type=ActivityNode)
    async def update_activity(
        self, info: Info[Context], activity_id: UUID, changes: ActivityChangesInput
    ) -> Any:
        """Change a draft."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activities.update_activity(
                db, actor, activity_id=activity_id, changes=changes
            )

    @strawberry.mutation(description="发布 / publish a draft", graphql_type=ActivityNode)
    async def publish_activity(self, info: Info[Context], activity_id: UUID) -> Any:
        """Show a draft with its sessions to its audience."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activities.publish_activity(db, actor, activity_id=activity_id, now=now())

    @strawberry.mutation(description="登记已举办 / record as held", graphql_type=ActivityNode)
    async def hold_activity(self, info: Info[Context], activity_id: UUID) -> Any:
        """Record that a published activity has been held."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activities.hold_activity(db, actor, activity_id=activity_id, now=now())

    @strawberry.mutation(description="结束活动 / close", graphql_type=ActivityNode)
    async def close_activity(self, info: Info[Context], activity_id: UUID) -> Any:
        """Close a held activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await closing.close_activity(db, actor, activity_id=activity_id, now=now())

    @strawberry.mutation(description="取消活动 / cancel", graphql_type=ActivityNode)
    async def cancel_activity(self, info: Info[Context], activity_id: UUID) -> Any:
        """Cancel an activity that has not been held."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activities.cancel_activity(db, actor, activity_id=activity_id, now=now())

    @strawberry.mutation(description="添加场次 / add a session", graphql_type=SessionNode)
    async def add_session(
        self, info: Info[Context], activity_id: UUID, new: NewSessionInput
    ) -> Any:
        """Add a session to a draft."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await activities.add_session(db, actor, activity_id=activity_id, new=new)

    @strawberry.mutation(description="移除场次 / remove a session", graphql_type=SessionNode)
    async def remove_session(self, info: Info[Context], session_id: UUID) -> Any:
        """Take a session out of a draft."""
        async with info.context.transaction() as db:
            return await activities.remove_session(db, info.context.actor, session_id=session_id)
