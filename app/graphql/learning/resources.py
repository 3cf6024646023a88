"""Shared resources over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import resource_links, resources
from app.domain.learning.resources import (
    NewResource,
    NewResourceVersion,
    ResourceAccess,
    ResourceChanges,
    ResourceDecision,
    ResourceKind,
    ResourceSharingRequest,
    ResourceVersionView,
    ResourceView,
)
from app.domain.organisation import units
from app.domain.organisation.units import Stage
from app.domain.people import teachers
from app.domain.people.teachers import Subject
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(resources.RESOURCES, name="Resource", description="共享资源 / a shared resource")
class ResourceNode(Node, ResourceView):
    """A resource with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / unit",
    )
    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="提供教师 / teacher who gave it",
    )
    versions = paged_edge(
        resources.resource_versions_of,
        lazy("app.graphql.learning.resources", "ResourceVersionNode"),
        keys="resource_ids",
        first=20,
        description="版本 / versions",
    )
    links = paged_edge(
        resource_links.resource_links_of,
        lazy("app.graphql.learning.resource_links", "ResourceLinkNode"),
        keys="resource_ids",
        first=20,
        description="关联 / what uses it",
    )


@node(
    resources.RESOURCE_VERSIONS,
    name="ResourceVersion",
    description="资源版本 / a version of a resource",
)
class ResourceVersionNode(Node, ResourceVersionView):
    """A version of a resource."""


@strawberry.pydantic.type(name="ResourceAccess", description="资源获取方式 / where a resource is")
class ResourceAccessNode(ResourceAccess):
    """Where a resource is."""


@strawberry.pydantic.input(name="NewResource")
class NewResourceInput(NewResource):
    """A resource to be added, with its first version: by a teacher, or for a unit."""


@strawberry.pydantic.input(name="ResourceChanges")
class ResourceChangesInput(ResourceChanges):
    """What is to be said of a resource; what is left out stays as it is."""


@strawberry.pydantic.input(name="NewResourceVersion")
class NewResourceVersionInput(NewResourceVersion):
    """A version to be added to a resource."""


@strawberry.pydantic.input(name="ResourceSharingRequest")
class ResourceSharingRequestInput(ResourceSharingRequest):
    """How far a resource is to go."""


@strawberry.pydantic.input(name="ResourceDecision")
class ResourceDecisionInput(ResourceDecision):
    """What is said to a resource that is to go further."""


@strawberry.type
class ResourceQueries:
    """What may be asked about shared resources."""

    @strawberry.field(description="资源列表 / resources", graphql_type=Connection[ResourceNode])
    async def resources(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        kind: ResourceKind | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        asked: bool | None = None,
        retired: bool | None = None,
    ) -> Any:
        """The resources that the actor's place keeps (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: resources.list_resources(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                kind=kind,
                subject=subject,
                stage=stage,
                asked=asked,
                retired=retired,
            ),
        )

    @strawberry.field(
        description="共享给我的资源 / resources shared with the actor",
        graphql_type=Connection[ResourceNode],
    )
    async def shared_resources(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        kind: ResourceKind | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
    ) -> Any:
        """The resources that are shared with the actor (`created`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: resources.list_shared_resources(
                db, actor, page=page, kind=kind, subject=subject, stage=stage
            ),
        )

    @strawberry.field(description="检索资源 / search resources", graphql_type=list[ResourceNode])
    async def search_resources(
        self,
        info: Info[Context],
        q: str,
        kind: ResourceKind | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        first: First = 20,
    ) -> Any:
        """The resources with this anywhere in their titles, the nearest first."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: resources.search_resources(
                db, actor, q=q, kind=kind, subject=subject, stage=stage, limit=first
            )
        )

    @strawberry.field(description="一项资源 / one resource", graphql_type=ResourceNode)
    async def resource(self, info: Info[Context], id: UUID) -> Any:
        """One resource, and how far it goes."""
        actor = info.context.actor
        return await info.context.read(lambda db: resources.get_resource(db, actor, resource_id=id))

    @strawberry.field(
        description="资源版本 / versions of a resource",
        graphql_type=Connection[ResourceVersionNode],
    )
    async def resource_versions(
        self,
        info: Info[Context],
        resource_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The versions of a resource, the first first."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: resources.list_resource_versions(
                db, actor, resource_id=resource_id, page=page
            ),
        )


@strawberry.type
class ResourceMutations:
    """What may be done about shared resources."""

    @strawberry.mutation(description="资源入库 / add a resource", graphql_type=ResourceNode)
    async def create_resource(self, info: Info[Context], new: NewResourceInput) -> Any:
        """Add a resource with its first version; it goes no further than its unit."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.create_resource(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改资源 / change a resource", graphql_type=ResourceNode)
    async def update_resource(
        self, info: Info[Context], resource_id: UUID, changes: ResourceChangesInput
    ) -> Any:
        """Say something else of a resource."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.update_resource(
                db, actor, resource_id=resource_id, changes=changes
            )

    @strawberry.mutation(description="新增版本 / add a version", graphql_type=ResourceNode)
    async def add_resource_version(
        self, info: Info[Context], resource_id: UUID, new: NewResourceVersionInput
    ) -> Any:
        """Add a version to a resource; the answer is the resource."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.add_resource_version(
                db, actor, resource_id=resource_id, new=new, now=now()
            )

    @strawberry.mutation(description="使用资源 / use a resource", graphql_type=ResourceAccessNode)
    async def use_resource(self, info: Info[Context], resource_id: UUID) -> Any:
        """Where a resource is; it counts as used, once a day for each person."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await resources.use_resource(
                db, actor, resource_id=resource_id, links=links, now=now()
            )

    @strawberry.mutation(
        description="申请共享 / ask for a wider sharing", graphql_type=ResourceNode
    )
    async def ask_resource_sharing(
        self, info: Info[Context], resource_id: UUID, new: ResourceSharingRequestInput
    ) -> Any:
        """Let a resource go less far, or ask that it go further."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.ask_resource_sharing(
                db, actor, resource_id=resource_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="审核共享 / decide on a wider sharing", graphql_type=ResourceNode
    )
    async def decide_resource_sharing(
        self, info: Info[Context], resource_id: UUID, decision: ResourceDecisionInput
    ) -> Any:
        """Decide whether a resource may go as far as was asked."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.decide_resource_sharing(
                db, actor, resource_id=resource_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="下架资源 / retire a resource", graphql_type=ResourceNode)
    async def retire_resource(self, info: Info[Context], resource_id: UUID) -> Any:
        """Take a resource off the shelves."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resources.retire_resource(db, actor, resource_id=resource_id, now=now())
