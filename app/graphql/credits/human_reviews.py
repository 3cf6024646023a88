"""Human reviews of what was decided by rule alone, over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import human_reviews
from app.domain.credits.human_reviews import (
    HumanReviewView,
    NewHumanReview,
    ReviewDecision,
    ReviewState,
)
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(human_reviews.HUMAN_REVIEWS, name="HumanReview", description="人工复核 / a review by a human")
class HumanReviewNode(Node, HumanReviewView):
    """A review by a human."""


@strawberry.pydantic.input(name="NewHumanReview")
class NewHumanReviewInput(NewHumanReview):
    """What a human is asked to look at."""


@strawberry.pydantic.input(name="ReviewDecision")
class ReviewDecisionInput(ReviewDecision):
    """What a human has found."""


@strawberry.type
class HumanReviewQueries:
    """What may be asked about human reviews."""

    @strawberry.field(description="一项复核申请 / one request", graphql_type=HumanReviewNode)
    async def human_review(self, info: Info[Context], id: UUID) -> Any:
        """One request with its answer."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: human_reviews.get_human_review(db, actor, review_id=id)
        )

    @strawberry.field(
        description="人工复核 / requests for review", graphql_type=Connection[HumanReviewNode]
    )
    async def human_reviews(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        teacher_id: UUID | None = None,
        state: ReviewState | None = None,
    ) -> Any:
        """One's own requests, and those of the actor's place."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: human_reviews.list_human_reviews(
                db, actor, page=page, teacher_id=teacher_id, state=state
            ),
        )


@strawberry.type
class HumanReviewMutations:
    """What may be done about human reviews."""

    @strawberry.mutation(description="申请人工复核 / ask for one", graphql_type=HumanReviewNode)
    async def request_human_review(self, info: Info[Context], new: NewHumanReviewInput) -> Any:
        """Ask that a human looks at it."""
        async with info.context.transaction() as db:
            return await human_reviews.request_human_review(
                db, info.context.actor, new=new, now=now()
            )

    @strawberry.mutation(description="办理复核 / decide one", graphql_type=HumanReviewNode)
    async def decide_human_review(
        self, info: Info[Context], review_id: UUID, decision: ReviewDecisionInput
    ) -> Any:
        """Say what a human has found, and why."""
        async with info.context.transaction() as db:
            return await human_reviews.decide_human_review(
                db, info.context.actor, review_id=review_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="撤回复核申请 / take it back", graphql_type=HumanReviewNode)
    async def withdraw_human_review(self, info: Info[Context], review_id: UUID) -> Any:
        """Take one's own request back."""
        async with info.context.transaction() as db:
            return await human_reviews.withdraw_human_review(
                db, info.context.actor, review_id=review_id, now=now()
            )
