"""Appraisals of topics over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import topic_appraisals, topic_steps
from app.domain.learning.topic_appraisals import (
    TopicAppraisalDecline,
    TopicAppraisalView,
    TopicExpertRelease,
    TopicExperts,
    TopicScore,
)
from app.domain.learning.topic_steps.step import AppraisalState
from app.domain.people import teachers
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.learning.topic_steps import TopicStepNode
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    topic_appraisals.TOPIC_APPRAISALS,
    name="TopicAppraisal",
    description="课题专家评审 / an appraisal of a topic",
)
class TopicAppraisalNode(Node, TopicAppraisalView):
    """An appraisal with its edges."""

    step = edge(
        topic_steps.topic_steps_by_id,
        lazy("app.graphql.learning.topic_steps", "TopicStepNode"),
        many=False,
        keys="step_ids",
        key="step_id",
        description="课题环节 / step that is scored",
    )
    expert = edge(
        teachers.teachers_by_id,
        lazy("app.graphql.people.teachers", "TeacherNode"),
        many=False,
        keys="teacher_ids",
        key="expert_id",
        description="专家 / expert",
    )


@strawberry.pydantic.input(name="TopicExperts")
class TopicExpertsInput(TopicExperts):
    """Who is to score what was handed in."""


@strawberry.pydantic.input(name="TopicExpertRelease")
class TopicExpertReleaseInput(TopicExpertRelease):
    """Why an expert is waited for no longer."""


@strawberry.pydantic.input(name="TopicScore")
class TopicScoreInput(TopicScore):
    """What an expert says."""


@strawberry.pydantic.input(name="TopicAppraisalDecline")
class TopicAppraisalDeclineInput(TopicAppraisalDecline):
    """Why an expert does not score a topic."""


@strawberry.type
class TopicAppraisalQueries:
    """What may be asked about appraisals of topics."""

    @strawberry.field(
        description="专家评审列表 / appraisals of topics",
        graphql_type=Connection[TopicAppraisalNode],
    )
    async def topic_appraisals(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        step_id: UUID | None = None,
        expert_id: UUID | None = None,
        state: AppraisalState | None = None,
    ) -> Any:
        """The appraisals that the actor may see (`created`, `score`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: topic_appraisals.list_topic_appraisals(
                db, actor, page=page, step_id=step_id, expert_id=expert_id, state=state
            ),
        )

    @strawberry.field(description="一项专家评审 / one appraisal", graphql_type=TopicAppraisalNode)
    async def topic_appraisal(self, info: Info[Context], id: UUID) -> Any:
        """One appraisal: what is asked, and what the expert said."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: topic_appraisals.get_topic_appraisal(db, actor, appraisal_id=id)
        )


@strawberry.type
class TopicAppraisalMutations:
    """What may be done about appraisals of topics."""

    @strawberry.mutation(
        description="邀请专家评审 / ask experts to score a step", graphql_type=TopicStepNode
    )
    async def ask_topic_experts(
        self, info: Info[Context], step_id: UUID, new: TopicExpertsInput
    ) -> Any:
        """Ask teachers to score what was handed in; the answer is the step."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_appraisals.ask_topic_experts(
                db, actor, step_id=step_id, new=new, now=now()
            )

    @strawberry.mutation(description="课题评分 / score a topic", graphql_type=TopicAppraisalNode)
    async def score_topic(
        self, info: Info[Context], appraisal_id: UUID, new: TopicScoreInput
    ) -> Any:
        """Score what one was asked about."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_appraisals.score_topic(
                db, actor, appraisal_id=appraisal_id, new=new, now=now()
            )

    @strawberry.mutation(description="回避评审 / decline to score", graphql_type=TopicAppraisalNode)
    async def decline_topic_appraisal(
        self, info: Info[Context], appraisal_id: UUID, new: TopicAppraisalDeclineInput
    ) -> Any:
        """Say that one does not score a topic, and why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_appraisals.decline_topic_appraisal(
                db, actor, appraisal_id=appraisal_id, new=new, now=now()
            )

    @strawberry.mutation(
        description="解除评审邀请 / wait no longer for an expert", graphql_type=TopicAppraisalNode
    )
    async def release_topic_expert(
        self, info: Info[Context], appraisal_id: UUID, new: TopicExpertReleaseInput
    ) -> Any:
        """Wait no longer for an expert who has not answered, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await topic_appraisals.release_topic_expert(
                db, actor, appraisal_id=appraisal_id, new=new, now=now()
            )
