"""Who carries activities, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, staff
from app.domain.training.staff import NewStaff, StaffView, TeacherStaffView
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request


@node(staff.STAFF, name="Staff", description="活动承担者 / somebody who carries an activity")
class StaffNode(Node, StaffView):
    """Somebody who carries an activity, by name and unit."""


@strawberry.pydantic.type(
    name="TeacherStaff", description="教师承担的活动 / what a teacher carried"
)
class TeacherStaffNode(TeacherStaffView):
    """What a teacher carried, with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity, null where the actor may not see it",
    )


@strawberry.pydantic.input(name="NewStaff")
class NewStaffInput(NewStaff):
    """Somebody to be named."""


@strawberry.type
class StaffQueries:
    """What may be asked about who carries activities."""

    @strawberry.field(
        description="活动承担者 / who carries an activity", graphql_type=list[StaffNode]
    )
    async def staff(self, info: Info[Context], activity_id: UUID) -> Any:
        """Who carries an activity and its sessions."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: staff.list_staff(db, actor, activity_id=activity_id)
        )

    @strawberry.field(
        description="教师承担的活动 / what a teacher carried",
        graphql_type=Connection[TeacherStaffNode],
    )
    async def teacher_staff(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of what a teacher carried."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: staff.list_teacher_staff(db, actor, teacher_id=teacher_id, page=page),
        )


@strawberry.type
class StaffMutations:
    """What may be done with who carries activities."""

    @strawberry.mutation(description="列入承担者 / name somebody", graphql_type=StaffNode)
    async def add_staff(self, info: Info[Context], activity_id: UUID, new: NewStaffInput) -> Any:
        """Name somebody at an activity."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await staff.add_staff(db, actor, activity_id=activity_id, new=new)

    @strawberry.mutation(description="移除承担者 / take somebody off", graphql_type=StaffNode)
    async def remove_staff(self, info: Info[Context], staff_id: UUID) -> Any:
        """Take somebody off an activity."""
        async with info.context.transaction() as db:
            return await staff.remove_staff(db, info.context.actor, staff_id=staff_id)
