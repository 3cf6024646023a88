"""Evaluations of activities over GraphQL."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import activities, evaluations, surveys
from app.domain.training.evaluations import EvaluationPlan, EvaluationView, NewSummary
from app.graphql.context import Context
from app.graphql.edges import edge, lazy
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(evaluations.EVALUATIONS, name="Evaluation", description="活动评估与总结 / an evaluation")
class EvaluationNode(Node, EvaluationView):
    """The evaluation of an activity with its edges."""

    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / activity",
    )
    survey = edge(
        surveys.surveys_by_id,
        lazy("app.graphql.training.surveys", "SurveyNode"),
        many=False,
        keys="survey_ids",
        key="survey_id",
        description="评估问卷 / its survey",
    )


@strawberry.pydantic.input(name="EvaluationPlan")
class EvaluationPlanInput(EvaluationPlan):
    """How an activity is to be evaluated."""


@strawberry.pydantic.input(name="NewSummary")
class NewSummaryInput(NewSummary):
    """The summary of an activity."""


@strawberry.type
class EvaluationQueries:
    """What may be asked about evaluations."""

    @strawberry.field(description="一次活动评估 / one evaluation", graphql_type=EvaluationNode)
    async def evaluation(self, info: Info[Context], id: UUID) -> Any:
        """One evaluation."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: evaluations.get_evaluation(db, actor, evaluation_id=id)
        )

    @strawberry.field(
        description="活动评估列表 / evaluations", graphql_type=Connection[EvaluationNode]
    )
    async def evaluations(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        activity_id: UUID | None = None,
        organiser_unit_id: UUID | None = None,
        summarised: bool | None = None,
        due_before: date | None = None,
    ) -> Any:
        """A page of evaluations."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: evaluations.list_evaluations(
                db, actor, page=page, activity_id=activity_id,
                organiser_unit_id=organiser_unit_id, summarised=summarised, due_before=due_before,
            ),
        )  # fmt: skip


@strawberry.type
class EvaluationMutations:
    """What may be done about evaluations."""

    @strawberry.mutation(description="安排评估 / plan an evaluation", graphql_type=EvaluationNode)
    async def plan_evaluation(
        self, info: Info[Context], activity_id: UUID, plan: EvaluationPlanInput
    ) -> Any:
        """Say how an activity is to be evaluated."""
        async with info.context.transaction() as db:
            return await evaluations.plan_evaluation(
                db, info.context.actor, activity_id=activity_id, plan=plan
            )

    @strawberry.mutation(description="活动总结 / sum up", graphql_type=EvaluationNode)
    async def summarise_activity(
        self, info: Info[Context], activity_id: UUID, new: NewSummaryInput
    ) -> Any:
        """Sum a closed activity up."""
        async with info.context.transaction() as db:
            return await evaluations.summarise_activity(
                db, info.context.actor, activity_id=activity_id, new=new, now=now()
            )
