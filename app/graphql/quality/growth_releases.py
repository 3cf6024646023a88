"""Releases of growth files over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import teachers
from app.domain.quality import growth_releases
from app.domain.quality.growth_releases import (
    GrowthRecordView,
    GrowthReleaseView,
    NewGrowthRelease,
    ReleaseState,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(growth_releases.GROWTH_RELEASES, name="GrowthRelease", description="成长档案授权 / a release")
class GrowthReleaseNode(Node, GrowthReleaseView):
    """A release and whose it is."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )


@strawberry.pydantic.type(name="GrowthRecord", description="签名的成长档案 / a signed record")
class GrowthRecordNode(GrowthRecordView):
    """A record that has left."""


@strawberry.pydantic.input(name="NewGrowthRelease")
class NewGrowthReleaseInput(NewGrowthRelease):
    """A release that a person gives."""


@strawberry.type
class GrowthReleaseQueries:
    """What may be asked about releases."""

    @strawberry.field(description="成长档案授权 / a release", graphql_type=GrowthReleaseNode)
    async def growth_release(self, info: Info[Context], release_id: UUID) -> Any:
        """One release."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: growth_releases.get_growth_release(db, actor, release_id=release_id)
        )

    @strawberry.field(
        description="成长档案授权 / releases", graphql_type=Connection[GrowthReleaseNode]
    )
    async def growth_releases(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        state: ReleaseState | None = None,
    ) -> Any:
        """The releases of people in the actor's place, and one's own (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: growth_releases.list_growth_releases(
                db, actor, page=page, teacher_id=teacher_id, state=state
            ),
        )


@strawberry.type
class GrowthReleaseMutations:
    """What may be done about releases."""

    @strawberry.mutation(description="授权提供 / give", graphql_type=GrowthReleaseNode)
    async def give_growth_release(self, info: Info[Context], new: NewGrowthReleaseInput) -> Any:
        """Let some kinds of one's own growth file go to somebody."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await growth_releases.give_growth_release(db, actor, new=new, now=now())

    @strawberry.mutation(description="撤回授权 / revoke", graphql_type=GrowthReleaseNode)
    async def revoke_growth_release(self, info: Info[Context], release_id: UUID) -> Any:
        """Take one's own release back, as long as nothing has left."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await growth_releases.revoke_growth_release(
                db, actor, release_id=release_id, now=now()
            )

    @strawberry.mutation(description="提供成长档案 / hand over", graphql_type=GrowthRecordNode)
    async def hand_over_growth_file(self, info: Info[Context], release_id: UUID) -> Any:
        """Make the signed record that a release allows, once."""
        actor, held = info.context.actor, info.context.held
        async with info.context.transaction() as db:
            return await growth_releases.hand_over_growth_file(
                db,
                actor,
                release_id=release_id,
                signer=held.signer,
                issuer=held.credential_issuer,
                now=now(),
            )
