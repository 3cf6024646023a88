"""What may be asked about activities and their sessions."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import (
    activities,
)
from app.domain.training.activities import (
    ActivityContent,
    ActivityKind,
    ActivityState,
)
from app.graphql.context import Context
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.activities.types import (
    ActivityNode,
    SessionNode,
)


@strawberry.type
class ActivityQueries:
    """What may be asked about activities."""

    @strawberry.field(description="一个活动 / one activity", graphql_type=ActivityNode)
    async def activity(self, info: Info[Context], id: UUID) -> Any:
        """One activity."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: activities.get_activity(db, actor, activity_id=id)
        )

    @strawberry.field(
        description="管理范围内的活动 / activities organised in the actor's place",
        graphql_type=Connection[ActivityNode],
    )
    async def activities(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ActivityState | None = None,
        kind: ActivityKind | None = None,
        form_code: str | None = None,
        content: ActivityContent | None = None,
        organiser_unit_id: UUID | None = None,
        organiser_group_id: UUID | None = None,
        organiser_network_id: UUID | None = None,
        organiser_department_id: UUID | None = None,
        series_id: UUID | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """A page of activities."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: activities.list_activities(
                db,
                actor,
                page=page,
                state=state,
                kind=kind,
                form_code=form_code,
                content=content,
                organiser_unit_id=organiser_unit_id,
                organiser_group_id=organiser_group_id,
                organiser_network_id=organiser_network_id,
                organiser_department_id=organiser_department_id,
                series_id=series_id,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(
        description="面向本人的活动 / activities published to the actor",
        graphql_type=Connection[ActivityNode],
    )
    async def offered_activities(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        state: ActivityState | None = None,
        kind: ActivityKind | None = None,
        form_code: str | None = None,
        content: ActivityContent | None = None,
        series_id: UUID | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Any:
        """A page of the activities that are published to the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: activities.list_offered_activities(
                db,
                actor,
                page=page,
                state=state,
                kind=kind,
                form_code=form_code,
                content=content,
                series_id=series_id,
                since=since,
                until=until,
            ),
        )

    @strawberry.field(description="活动的场次 / its sessions", graphql_type=list[SessionNode])
    async def sessions(self, info: Info[Context], activity_id: UUID) -> Any:
        """The sessions of one activity."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: activities.list_sessions(db, actor, activity_id=activity_id)
        )

    @strawberry.field(description="一个场次 / one session", graphql_type=SessionNode)
    async def session(self, info: Info[Context], id: UUID) -> Any:
        """One session."""
        actor = info.context.actor
        return await info.context.read(lambda db: activities.get_session(db, actor, session_id=id))
