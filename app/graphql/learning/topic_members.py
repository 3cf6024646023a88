"""Members of topics over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import topic_members, topics
from app.domain.learning.topic_members import NewTopicMember, TopicMemberView, TopicTeam
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.learning.topics import TopicNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request

strawberry.pydantic.input(name="NewTopicMember", description=NewTopicMember.__doc__)(NewTopicMember)


@node(topic_members.TOPIC_MEMBERS, name="TopicMember", description="课题成员 / a member of a topic")
class TopicMemberNode(Node, TopicMemberView):
    """A member of a topic with its edges."""

    teacher = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="teacher_id",
        description="教师 / teacher",
    )
    topic = edge(
        topics.topics_by_id,
        lazy("app.graphql.learning.topics", "TopicNode"),
        many=False,
        keys="topic_ids",
        key="topic_id",
        description="课题 / topic",
    )


@strawberry.pydantic.input(name="TopicTeam")
class TopicTeamInput(TopicTeam):
    """All who take part in a topic."""


@strawberry.type
class TopicMemberQueries:
    """What may be asked about members of topics."""

    @strawberry.field(
        description="课题成员 / who takes part in a topic", graphql_type=Connection[TopicMemberNode]
    )
    async def topic_members(
        self,
        info: Info[Context],
        topic_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """Who takes part in a topic, the leader first."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: topic_members.list_topic_members(db, actor, topic_id=topic_id, page=page),
        )


@strawberry.type
class TopicMemberMutations:
    """What may be done about members of topics."""

    @strawberry.mutation(
        description="确定课题成员及份额 / write who takes part", graphql_type=TopicNode
    )
    async def set_topic_members(
        self, info: Info[Context], topic_id: UUID, team: TopicTeamInput
    ) -> Any:
        """Let these take part in a topic, and nobody else; the answer is the topic."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_members.set_topic_members(db, actor, topic_id=topic_id, team=team)
