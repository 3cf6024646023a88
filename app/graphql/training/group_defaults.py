"""The groups on which the training of each stage rests, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.organisation.units import Stage
from app.domain.training import group_defaults
from app.domain.training.group_defaults import GroupDefaultView
from app.graphql.context import Context
from app.graphql.organisation.units import UnitNode
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.groups import GroupNode


@strawberry.pydantic.type(
    name="GroupDefault", description="学段依托组织 / the kind of group that a stage rests on"
)
class GroupDefaultNode(GroupDefaultView):
    """How a stage's default is followed in a unit."""


@strawberry.type
class GroupDefaultQueries:
    """What may be asked about the groups that stages rest on."""

    @strawberry.field(
        description="各学段依托组织的设置情况 / how the default of each stage is followed",
        graphql_type=list[GroupDefaultNode],
    )
    async def group_defaults(self, info: Info[Context], unit_id: UUID) -> Any:
        """For each stage taught in a unit, the kind of group and how many schools have one."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: group_defaults.list_group_defaults(db, actor, unit_id=unit_id)
        )

    @strawberry.field(
        description="未设学段依托组织的学校 / schools without the group their stage rests on",
        graphql_type=Connection[UnitNode],
    )
    async def schools_without_default_group(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        stage: Stage | None = None,
    ) -> Any:
        """A page of open schools that lack it."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: group_defaults.list_schools_without_default_group(
                db, actor, stage=stage, page=page
            ),
        )


@strawberry.type
class GroupDefaultMutations:
    """What may be done with the groups that stages rest on."""

    @strawberry.mutation(
        description="按学段补设教研组 / set up the groups that a school's stages rest on",
        graphql_type=list[GroupNode],
    )
    async def create_default_groups(self, info: Info[Context], unit_id: UUID) -> Any:
        """Set up in a school the groups that its stages rest on and that it has not."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await group_defaults.create_default_groups(db, actor, unit_id=unit_id)
