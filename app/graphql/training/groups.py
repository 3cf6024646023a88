"""Research groups over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation import units
from app.domain.people.teachers import Subject
from app.domain.training import activities, groups, members
from app.domain.training.groups import GroupChanges, GroupKind, GroupView, NewGroup
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(groups.GROUPS, name="Group", description="教研组 / a research group")
class GroupNode(Node, GroupView):
    """A group with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / owner",
    )
    members = paged_edge(
        members.members_of,
        lazy("app.graphql.training.members", "MemberNode"),
        keys="group_ids",
        first=50,
        description="现成员 / today's members, heads first",
    )
    activities = paged_edge(
        activities.activities_of,
        lazy("app.graphql.training.activities", "ActivityNode"),
        keys="group_ids",
        first=20,
        description="组织的活动 / activities that it organises, the latest first",
    )


@strawberry.pydantic.input(name="NewGroup")
class NewGroupInput(NewGroup):
    """A group to be set up."""


@strawberry.pydantic.input(name="GroupChanges")
class GroupChangesInput(GroupChanges):
    """What of a group is to be changed."""


@strawberry.type
class GroupQueries:
    """What may be asked about groups."""

    @strawberry.field(description="一个教研组 / one group", graphql_type=GroupNode)
    async def group(self, info: Info[Context], id: UUID) -> Any:
        """One group."""
        actor = info.context.actor
        return await info.context.read(lambda db: groups.get_group(db, actor, group_id=id))

    @strawberry.field(description="教研组列表 / groups", graphql_type=Connection[GroupNode])
    async def groups(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: GroupKind | None = None,
        subject: Subject | None = None,
        closed: bool | None = None,
    ) -> Any:
        """A page of groups."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: groups.list_groups(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                kind=kind,
                subject=subject,
                closed=bool(closed),
            ),
        )


@strawberry.type
class GroupMutations:
    """What may be done with groups."""

    @strawberry.mutation(description="设立教研组 / set up a group", graphql_type=GroupNode)
    async def create_group(self, info: Info[Context], new: NewGroupInput) -> Any:
        """Set up a group in a school or a bureau."""
        async with info.context.transaction() as db:
            return await groups.create_group(db, info.context.actor, new=new)

    @strawberry.mutation(description="修改教研组 / change a group", graphql_type=GroupNode)
    async def update_group(
        self, info: Info[Context], group_id: UUID, changes: GroupChangesInput
    ) -> Any:
        """Rename a group, change its stage or subject."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await groups.update_group(db, actor, group_id=group_id, changes=changes)

    @strawberry.mutation(description="撤销教研组 / close a group", graphql_type=GroupNode)
    async def close_group(self, info: Info[Context], group_id: UUID) -> Any:
        """Close a group today."""
        async with info.context.transaction() as db:
            return await groups.close_group(db, info.context.actor, group_id=group_id, now=now())
