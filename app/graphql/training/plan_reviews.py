"""Reviews of plans over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import plan_reviews
from app.domain.training.plan_reviews import PlanOpinion, PlanReviewView
from app.domain.training.plans import AmendedItem, PlanAmendment
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.graphql.training.plans import PlanNode
from app.request import now


@node(plan_reviews.PLAN_REVIEWS, name="PlanReview", description="报送或审定环节 / a step of a plan")
class PlanReviewNode(Node, PlanReviewView):
    """A step of a plan."""


strawberry.pydantic.input(name="AmendedPlanItem", description=AmendedItem.__doc__)(AmendedItem)


@strawberry.pydantic.input(name="PlanAmendment")
class PlanAmendmentInput(PlanAmendment):
    """What an agreed plan is to say."""


@strawberry.pydantic.input(name="PlanOpinion")
class PlanOpinionInput(PlanOpinion):
    """What the superior says to a plan."""


@strawberry.type
class PlanReviewQueries:
    """What may be asked about reviews of plans."""

    @strawberry.field(
        description="报送与审定记录 / what was done with a plan",
        graphql_type=Connection[PlanReviewNode],
    )
    async def plan_reviews(
        self,
        info: Info[Context],
        plan_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """What was done with a plan: by whom, when, with which opinion (`taken`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: plan_reviews.list_plan_reviews(db, actor, page=page, plan_id=plan_id),
        )


@strawberry.type
class PlanReviewMutations:
    """What may be done about reviews of plans."""

    @strawberry.mutation(description="报送 / submit a plan", graphql_type=PlanNode)
    async def submit_plan(self, info: Info[Context], plan_id: UUID) -> Any:
        """Hand a plan to the superior for review; what it says is kept as a version."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.submit_plan(db, actor, plan_id=plan_id, now=now())

    @strawberry.mutation(description="提出修订 / amend an agreed plan", graphql_type=PlanNode)
    async def amend_plan(
        self, info: Info[Context], plan_id: UUID, amendment: PlanAmendmentInput
    ) -> Any:
        """Submit what an agreed plan is to say; until it is agreed to, the plan stays in force."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.amend_plan(
                db, actor, plan_id=plan_id, amendment=amendment, now=now()
            )

    @strawberry.mutation(description="撤回 / withdraw a plan", graphql_type=PlanNode)
    async def withdraw_plan(self, info: Info[Context], plan_id: UUID) -> Any:
        """Take a plan back that has not been decided on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.withdraw_plan(db, actor, plan_id=plan_id, now=now())

    @strawberry.mutation(description="退回 / return a plan", graphql_type=PlanNode)
    async def return_plan(
        self, info: Info[Context], plan_id: UUID, opinion: PlanOpinionInput
    ) -> Any:
        """Give a plan back to be written on, and say why."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.return_plan(
                db, actor, plan_id=plan_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="审定通过 / approve a plan", graphql_type=PlanNode)
    async def approve_plan(
        self, info: Info[Context], plan_id: UUID, opinion: PlanOpinionInput
    ) -> Any:
        """Agree to a plan."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.approve_plan(
                db, actor, plan_id=plan_id, opinion=opinion, now=now()
            )

    @strawberry.mutation(description="发布 / publish a plan", graphql_type=PlanNode)
    async def publish_plan(self, info: Info[Context], plan_id: UUID) -> Any:
        """Show an agreed plan to those it is for."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await plan_reviews.publish_plan(db, actor, plan_id=plan_id, now=now())
