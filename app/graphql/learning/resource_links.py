"""Links of resources over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import courses, resource_links, resources
from app.domain.learning.resource_links import NewResourceLink, ResourceLinkView
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    resource_links.RESOURCE_LINKS,
    name="ResourceLink",
    description="资源关联 / a link of a resource",
)
class ResourceLinkNode(Node, ResourceLinkView):
    """A link of a resource with its edges."""

    resource = edge(
        resources.resources_by_id,
        lazy("app.graphql.learning.resources", "ResourceNode"),
        many=False,
        keys="resource_ids",
        key="resource_id",
        description="资源 / resource",
    )
    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / activity",
    )
    course = edge(
        courses.courses_by_id,
        lazy("app.graphql.learning.courses", "CourseNode"),
        many=False,
        keys="course_ids",
        key="course_id",
        description="课程 / course",
    )


@strawberry.pydantic.input(name="NewResourceLink")
class NewResourceLinkInput(NewResourceLink):
    """What is to use a resource: an activity or a course."""


@strawberry.type
class ResourceLinkQueries:
    """What may be asked about links of resources."""

    @strawberry.field(
        description="资源关联列表 / links of resources", graphql_type=Connection[ResourceLinkNode]
    )
    async def resource_links(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        resource_id: UUID | None = None,
        activity_id: UUID | None = None,
        course_id: UUID | None = None,
        shared: bool | None = None,
    ) -> Any:
        """What uses the resources that the actor's place keeps, or those `shared` with it."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: resource_links.list_resource_links(
                db,
                actor,
                page=page,
                resource_id=resource_id,
                activity_id=activity_id,
                course_id=course_id,
                shared=bool(shared),
            ),
        )


@strawberry.type
class ResourceLinkMutations:
    """What may be done about links of resources."""

    @strawberry.mutation(description="关联资源 / link a resource", graphql_type=ResourceLinkNode)
    async def link_resource(
        self, info: Info[Context], resource_id: UUID, new: NewResourceLinkInput
    ) -> Any:
        """Let an activity or a course use a resource."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resource_links.link_resource(
                db, actor, resource_id=resource_id, new=new, now=now()
            )

    @strawberry.mutation(description="取消关联 / take a link away", graphql_type=ResourceLinkNode)
    async def unlink_resource(self, info: Info[Context], link_id: UUID) -> Any:
        """Take a link away; the answer is what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await resource_links.unlink_resource(db, actor, link_id=link_id)
