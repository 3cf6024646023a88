"""Discussions over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import courses, discussions, topics
from app.domain.learning.discussions import (
    DiscussionChanges,
    DiscussionClosing,
    DiscussionMark,
    DiscussionReadingView,
    DiscussionView,
    NewDiscussion,
)
from app.domain.training import activities, groups
from app.graphql.context import Context
from app.graphql.edges import edge
from app.graphql.learning.courses import CourseNode
from app.graphql.learning.topics import TopicNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.activities import ActivityNode
from app.graphql.training.groups import GroupNode
from app.request import now


@node(
    discussions.DISCUSSIONS,
    name="Discussion",
    description="在线研讨、网上观摩 / a discussion or an observation",
)
class DiscussionNode(Node, DiscussionView):
    """A discussion on an activity, a course, a topic, or within a group."""

    activity = edge(
        activities.activities_by_id,
        ActivityNode,
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / activity that it is on",
    )
    course = edge(
        courses.courses_by_id,
        CourseNode,
        many=False,
        keys="course_ids",
        key="course_id",
        description="课程 / course that it is on",
    )
    topic = edge(
        topics.topics_by_id,
        TopicNode,
        many=False,
        keys="topic_ids",
        key="topic_id",
        description="课题 / topic that it is on",
    )
    group = edge(
        groups.groups_by_id,
        GroupNode,
        many=False,
        keys="group_ids",
        key="group_id",
        description="教研组 / group that it is of",
    )


@strawberry.pydantic.type(name="DiscussionReading", description="阅读进度 / how far one has read")
class DiscussionReadingNode(DiscussionReadingView):
    """How far one has read a discussion."""


@strawberry.pydantic.input(name="NewDiscussion")
class NewDiscussionInput(NewDiscussion):
    """What is to be discussed, and on what."""


@strawberry.pydantic.input(name="DiscussionChanges")
class DiscussionChangesInput(DiscussionChanges):
    """What of a discussion is to be changed; what is left out stays as it is."""


@strawberry.pydantic.input(name="DiscussionClosing")
class DiscussionClosingInput(DiscussionClosing):
    """Why a discussion is closed."""


@strawberry.pydantic.input(name="DiscussionMark")
class DiscussionMarkInput(DiscussionMark):
    """Up to which post one has read."""


@strawberry.type
class DiscussionQueries:
    """What may be asked: discussions."""

    @strawberry.field(description="研讨列表 / discussions", graphql_type=Connection[DiscussionNode])
    async def discussions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        session_id: UUID | None = None,
        course_id: UUID | None = None,
        topic_id: UUID | None = None,
        group_id: UUID | None = None,
        closed: bool | None = None,
        video: bool | None = None,
        unread: bool | None = None,
        offered: bool | None = None,
    ) -> Any:
        """The discussions on what lies in one's place, or is for oneself (`pinned`, `created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: discussions.list_discussions(
                db,
                actor,
                page=page,
                activity_id=activity_id,
                session_id=session_id,
                course_id=course_id,
                topic_id=topic_id,
                group_id=group_id,
                closed=closed,
                video=video,
                unread=bool(unread),
                offered=bool(offered),
            ),
        )

    @strawberry.field(description="一个研讨 / one discussion", graphql_type=DiscussionNode)
    async def discussion(self, info: Info[Context], id: UUID) -> Any:
        """One discussion."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: discussions.get_discussion(db, actor, discussion_id=id)
        )

    @strawberry.field(
        description="阅读进度 / how far one has read", graphql_type=DiscussionReadingNode
    )
    async def discussion_reading(self, info: Info[Context], discussion_id: UUID) -> Any:
        """How far one has read a discussion."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: discussions.get_discussion_reading(db, actor, discussion_id=discussion_id)
        )


@strawberry.type
class DiscussionMutations:
    """What may be done: discussions."""

    @strawberry.mutation(description="发起研讨 / open a discussion", graphql_type=DiscussionNode)
    async def open_discussion(self, info: Info[Context], new: NewDiscussionInput) -> Any:
        """Open a discussion, or with a video an observation."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussions.open_discussion(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改、置顶研讨 / change or pin", graphql_type=DiscussionNode)
    async def update_discussion(
        self, info: Info[Context], discussion_id: UUID, changes: DiscussionChangesInput
    ) -> Any:
        """Say anew what it is about, or pin it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussions.update_discussion(
                db, actor, discussion_id=discussion_id, changes=changes
            )

    @strawberry.mutation(description="关闭研讨 / close", graphql_type=DiscussionNode)
    async def close_discussion(
        self, info: Info[Context], discussion_id: UUID, closing: DiscussionClosingInput
    ) -> Any:
        """Close a discussion, with the reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussions.close_discussion(
                db, actor, discussion_id=discussion_id, closing=closing, now=now()
            )

    @strawberry.mutation(description="重新开放研讨 / open again", graphql_type=DiscussionNode)
    async def reopen_discussion(self, info: Info[Context], discussion_id: UUID) -> Any:
        """Open a discussion again that was closed."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussions.reopen_discussion(db, actor, discussion_id=discussion_id)

    @strawberry.mutation(
        description="记录阅读进度 / remember how far one has read",
        graphql_type=DiscussionReadingNode,
    )
    async def read_discussion(
        self, info: Info[Context], discussion_id: UUID, mark: DiscussionMarkInput
    ) -> Any:
        """Remember up to which post one has read."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await discussions.read_discussion(
                db, actor, discussion_id=discussion_id, mark=mark, now=now()
            )
