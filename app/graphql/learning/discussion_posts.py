"""Posts in discussions over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import discussion_posts
from app.domain.learning.discussion_posts import (
    DiscussionPostView,
    NewDiscussionPost,
    PostText,
    PostWordingView,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    discussion_posts.DISCUSSION_POSTS,
    name="DiscussionPost",
    description="发言、观摩评论 / a post, or a comment at a moment of a video",
)
class DiscussionPostNode(Node, DiscussionPostView):
    """A post in a discussion."""


@strawberry.pydantic.type(
    name="PostWording", description="修改前的内容 / how a post read before it was edited"
)
class PostWordingNode(PostWordingView):
    """How a post read before it was edited."""


@strawberry.pydantic.input(name="NewDiscussionPost")
class NewDiscussionPostInput(NewDiscussionPost):
    """A post to be written."""


@strawberry.pydantic.input(name="PostText")
class PostTextInput(PostText):
    """What a post says."""


@strawberry.type
class DiscussionPostQueries:
    """What may be asked: posts in discussions."""

    @strawberry.field(description="发言列表 / posts", graphql_type=Connection[DiscussionPostNode])
    async def discussion_posts(
        self,
        info: Info[Context],
        discussion_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        parent_id: UUID | None = None,
        teacher_id: UUID | None = None,
        from_ms: int | None = None,
        to_ms: int | None = None,
    ) -> Any:
        """The posts as they came (`number`), or by the moments of the video (`at_ms`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: discussion_posts.list_discussion_posts(
                db,
                actor,
                page=page,
                discussion_id=discussion_id,
                parent_id=parent_id,
                teacher_id=teacher_id,
                from_ms=from_ms,
                to_ms=to_ms,
            ),
        )

    @strawberry.field(description="一条发言 / one post", graphql_type=DiscussionPostNode)
    async def discussion_post(self, info: Info[Context], id: UUID) -> Any:
        """One post."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: discussion_posts.get_discussion_post(db, actor, post_id=id)
        )

    @strawberry.field(
        description="修改前的内容 / earlier wordings", graphql_type=list[PostWordingNode]
    )
    async def post_wordings(self, info: Info[Context], post_id: UUID) -> Any:
        """How a post read before it was edited."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: discussion_posts.list_post_wordings(db, actor, post_id=post_id)
        )


@strawberry.type
class DiscussionPostMutations:
    """What may be done: posts in discussions."""

    @strawberry.mutation(description="发言 / write a post", graphql_type=DiscussionPostNode)
    async def write_discussion_post(
        self, info: Info[Context], discussion_id: UUID, new: NewDiscussionPostInput
    ) -> Any:
        """Write a post, a comment at a moment of the video, or a reply."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussion_posts.write_discussion_post(
                db, actor, discussion_id=discussion_id, new=new, now=now()
            )

    @strawberry.mutation(description="修改发言 / edit a post", graphql_type=DiscussionPostNode)
    async def edit_discussion_post(
        self, info: Info[Context], post_id: UUID, change: PostTextInput
    ) -> Any:
        """Edit a post of one's own within half an hour."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussion_posts.edit_discussion_post(
                db, actor, post_id=post_id, change=change, now=now()
            )

    @strawberry.mutation(description="撤回发言 / take a post back", graphql_type=DiscussionPostNode)
    async def withdraw_discussion_post(self, info: Info[Context], post_id: UUID) -> Any:
        """Take a post of one's own back; its place stays."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussion_posts.withdraw_discussion_post(
                db, actor, post_id=post_id, now=now()
            )

    @strawberry.mutation(
        description="知悉发言被隐藏 / take note of it", graphql_type=DiscussionPostNode
    )
    async def acknowledge_hidden_post(self, info: Info[Context], post_id: UUID) -> Any:
        """Take note that a post of one's own was hidden."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussion_posts.acknowledge_hidden_post(
                db, actor, post_id=post_id, now=now()
            )
