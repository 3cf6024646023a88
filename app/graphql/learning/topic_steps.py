"""Steps of topics over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import topic_appraisals, topic_steps, topics
from app.domain.learning.topic_steps import (
    NewTopicStep,
    StepKind,
    StepState,
    TopicStepDecision,
    TopicStepView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@node(topic_steps.TOPIC_STEPS, name="TopicStep", description="课题环节 / a step of a topic")
class TopicStepNode(Node, TopicStepView):
    """A step of a topic with its edges."""

    topic = edge(
        topics.topics_by_id,
        lazy("app.graphql.learning.topics", "TopicNode"),
        many=False,
        keys="topic_ids",
        key="topic_id",
        description="课题 / topic",
    )
    appraisals = edge(
        topic_appraisals.topic_appraisals_of,
        lazy("app.graphql.learning.topic_appraisals", "TopicAppraisalNode"),
        many=True,
        keys="step_ids",
        key="id",
        description="专家评审 / experts who were asked",
    )


@strawberry.pydantic.input(name="NewTopicStep")
class NewTopicStepInput(NewTopicStep):
    """What is to be handed in for a topic."""


@strawberry.pydantic.input(name="TopicStepDecision")
class TopicStepDecisionInput(TopicStepDecision):
    """What whoever approves the topic says to what was handed in."""


@strawberry.type
class TopicStepQueries:
    """What may be asked about steps of topics."""

    @strawberry.field(
        description="课题环节列表 / what was handed in for topics",
        graphql_type=Connection[TopicStepNode],
    )
    async def topic_steps(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        topic_id: UUID | None = None,
        kind: StepKind | None = None,
        state: StepState | None = None,
    ) -> Any:
        """What was handed in for the topics that the actor may see (`created`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: topic_steps.list_topic_steps(
                db, actor, page=page, topic_id=topic_id, kind=kind, state=state
            ),
        )

    @strawberry.field(description="一个课题环节 / one step", graphql_type=TopicStepNode)
    async def topic_step(self, info: Info[Context], id: UUID) -> Any:
        """One step of a topic, and what became of it."""
        actor = info.context.actor
        return await info.context.read(lambda db: topic_steps.get_topic_step(db, actor, step_id=id))


@strawberry.type
class TopicStepMutations:
    """What may be done about steps of topics."""

    @strawberry.mutation(
        description="提交课题环节 / hand something in for a topic", graphql_type=TopicStepNode
    )
    async def file_topic_step(
        self, info: Info[Context], topic_id: UUID, new: NewTopicStepInput
    ) -> Any:
        """Hand in an application, an opening, a mid-term report, an extension, a conclusion or a withdrawal."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_steps.file_topic_step(
                db, actor, topic_id=topic_id, new=new, now=now()
            )

    @strawberry.mutation(description="撤回课题环节 / take a step back", graphql_type=TopicStepNode)
    async def take_back_topic_step(self, info: Info[Context], step_id: UUID) -> Any:
        """Take back what has not been decided."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_steps.take_back_topic_step(db, actor, step_id=step_id, now=now())

    @strawberry.mutation(description="审核课题环节 / decide on a step", graphql_type=TopicStepNode)
    async def decide_topic_step(
        self, info: Info[Context], step_id: UUID, decision: TopicStepDecisionInput
    ) -> Any:
        """Pass, return or refuse what was handed in, at the level that approves the topic."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_steps.decide_topic_step(
                db, actor, step_id=step_id, decision=decision, now=now()
            )

    @strawberry.mutation(
        description="环节报告链接 / a link to its report", graphql_type=FileLinkNode
    )
    async def create_topic_step_link(
        self, info: Info[Context], step_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to the report, for ten minutes; that it was asked for is recorded."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await topic_steps.create_topic_step_link(
                db, actor, step_id=step_id, new=new, links=links, now=now()
            )
