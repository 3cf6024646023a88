"""Research topics over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import outputs, topic_activities, topic_members, topic_steps, topics
from app.domain.learning.topics import NewTopic, TopicChanges, TopicLevel, TopicState, TopicView
from app.domain.organisation import units
from app.domain.organisation.units import Stage
from app.domain.people import teachers
from app.domain.people.teachers import Subject
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(topics.TOPICS, name="Topic", description="研究课题 / a research topic")
class TopicNode(Node, TopicView):
    """A topic with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="单位 / unit that carries it",
    )
    leader = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="leader_id",
        description="主持人 / leader",
    )
    team = paged_edge(
        topic_members.topic_members_of,
        lazy("app.graphql.learning.topic_members", "TopicMemberNode"),
        keys="topic_ids",
        first=50,
        description="成员 / who takes part, the leader first",
    )
    steps = paged_edge(
        topic_steps.topic_steps_of,
        lazy("app.graphql.learning.topic_steps", "TopicStepNode"),
        keys="topic_ids",
        first=20,
        description="环节 / what was handed in",
    )
    activities = paged_edge(
        topic_activities.topic_activities_of,
        lazy("app.graphql.learning.topic_activities", "TopicActivityNode"),
        keys="topic_ids",
        first=20,
        description="课题活动 / activities of the topic",
    )
    outputs = paged_edge(
        outputs.outputs_of,
        lazy("app.graphql.learning.outputs", "OutputNode"),
        keys="topic_ids",
        first=20,
        description="成果 / what came of it",
    )


@strawberry.pydantic.input(name="NewTopic")
class NewTopicInput(NewTopic):
    """A topic to be begun: by a teacher who will lead it, or else for a unit or a group."""


@strawberry.pydantic.input(name="TopicChanges")
class TopicChangesInput(TopicChanges):
    """What of a topic is to be changed; what is left out stays as it is."""


@strawberry.type
class TopicQueries:
    """What may be asked about research topics."""

    @strawberry.field(description="课题列表 / topics", graphql_type=Connection[TopicNode])
    async def topics(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        level: TopicLevel | None = None,
        state: TopicState | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        problem_id: UUID | None = None,
        due_before: date | None = None,
    ) -> Any:
        """The topics that the actor may see (`created`, `due_on`, `title`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: topics.list_topics(
                db,
                actor,
                page=page,
                unit_id=unit_id,
                group_id=group_id,
                level=level,
                state=state,
                subject=subject,
                stage=stage,
                problem_id=problem_id,
                due_before=due_before,
            ),
        )

    @strawberry.field(description="一个课题 / one topic", graphql_type=TopicNode)
    async def topic(self, info: Info[Context], id: UUID) -> Any:
        """One topic, and where it stands."""
        actor = info.context.actor
        return await info.context.read(lambda db: topics.get_topic(db, actor, topic_id=id))


@strawberry.type
class TopicMutations:
    """What may be done about research topics."""

    @strawberry.mutation(description="申报课题（草稿） / begin a topic", graphql_type=TopicNode)
    async def create_topic(self, info: Info[Context], new: NewTopicInput) -> Any:
        """Begin a topic as a draft: as its leader, or for a unit or a group."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topics.create_topic(db, actor, new=new, now=now())

    @strawberry.mutation(description="修改课题 / change a topic", graphql_type=TopicNode)
    async def update_topic(
        self, info: Info[Context], topic_id: UUID, changes: TopicChangesInput
    ) -> Any:
        """Change what a draft says."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topics.update_topic(db, actor, topic_id=topic_id, changes=changes)
