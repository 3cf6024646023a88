"""Activities and their sessions over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import departments, networks, units
from app.domain.training import activities, groups
from app.domain.training.activities import (
    ActivityChanges,
    ActivityContent,
    ActivityKind,
    ActivityState,
    ActivityView,
    NewActivity,
    NewSession,
    SessionView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(activities.SESSIONS, name="Session", description="场次 / a session of an activity")
class SessionNode(Node, SessionView):
    """A session with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy(__name__, "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity that it belongs to",
    )


@node(activities.ACTIVITIES, name="Activity", description="研修活动 / an activity")
class ActivityNode(Node, ActivityView):
    """An activity with its edges."""

    sessions = edge(
        activities.sessions_of,
        lazy(__name__, "SessionNode"),
        many=True,
        keys="activity_ids",
        description="场次 / its sessions in their order",
    )
    organiser = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="organiser_unit_id",
        description="组织单位 / the unit that organises it, null where the actor may not see it",
    )
    organiser_group = edge(
        groups.groups_by_id,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=False,
        keys="group_ids",
        key="organiser_group_id",
        description="组织教研组 / the group that organises it, if one does",
    )
    organiser_network = edge(
        networks.networks_by_id,
        lazy("app.graphql.organisation.networks", "NetworkNode"),
        many=False,
        keys="network_ids",
        key="organiser_network_id",
        description="组织片区、联校、学区、联盟 / the network that organises it, if one does",
    )
    organiser_department = edge(
        departments.departments_by_id,
        lazy("app.graphql.organisation.departments", "DepartmentNode"),
        many=False,
        keys="department_ids",
        key="organiser_department_id",
        description="组织部门 / the department that organises it, if one does",
    )


@strawberry.pydantic.input(name="NewActivity")
class NewActivityInput(NewActivity):
    """An activity to be drafted."""


@strawberry.pydantic.input(name="ActivityChanges")
class ActivityChangesInput(ActivityChanges):
    """What of a draft is to be changed."""


@strawberry.pydantic.input(name="NewSession")
class NewSessionInput(NewSession):
    """A session to be added."""


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
        content: ActivityContent | None = None,
        organiser_unit_id: UUID | None = None,
        organiser_group_id: UUID | None = None,
        organiser_network_id: UUID | None = None,
        organiser_department_id: UUID | None = None,
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
                content=content,
                organiser_unit_id=organiser_unit_id,
                organiser_group_id=organiser_group_id,
                organiser_network_id=organiser_network_id,
                organiser_department_id=organiser_department_id,
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
        content: ActivityContent | None = None,
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
                content=content,
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
            return await activities.close_activity(db, actor, activity_id=activity_id, now=now())

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
