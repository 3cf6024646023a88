"""Activities of topics over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import topic_activities
from app.domain.learning.topic_activities import NewTopicActivity, TopicActivityView
from app.domain.training import activities
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    topic_activities.TOPIC_ACTIVITIES,
    name="TopicActivity",
    description="课题活动 / an activity of a topic",
)
class TopicActivityNode(Node, TopicActivityView):
    """An activity of a topic with its edges."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / activity",
    )


@strawberry.pydantic.input(name="NewTopicActivity")
class NewTopicActivityInput(NewTopicActivity):
    """An activity that is to belong to a topic."""


@strawberry.type
class TopicActivityQueries:
    """What may be asked about activities of topics."""

    @strawberry.field(
        description="课题活动 / activities of a topic", graphql_type=Connection[TopicActivityNode]
    )
    async def topic_activities(
        self,
        info: Info[Context],
        topic_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The activities of a topic, the earliest first."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: topic_activities.list_topic_activities(
                db, actor, topic_id=topic_id, page=page
            ),
        )


@strawberry.type
class TopicActivityMutations:
    """What may be done about activities of topics."""

    @strawberry.mutation(
        description="加入课题活动 / let an activity belong to a topic",
        graphql_type=TopicActivityNode,
    )
    async def add_topic_activity(
        self, info: Info[Context], topic_id: UUID, new: NewTopicActivityInput
    ) -> Any:
        """Let an activity belong to a topic that is being studied."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_activities.add_topic_activity(
                db, actor, topic_id=topic_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="移出课题活动 / take an activity out of a topic", graphql_type=TopicActivityNode
    )
    async def remove_topic_activity(
        self, info: Info[Context], topic_id: UUID, activity_id: UUID
    ) -> Any:
        """Take an activity out of a topic; the answer is what it was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_activities.remove_topic_activity(
                db, actor, topic_id=topic_id, activity_id=activity_id
            )
