"""Human reviews of what was decided by rule alone, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import human_reviews
from app.domain.credits.human_reviews import (
    HumanReviewView,
    NewHumanReview,
    ReviewDecision,
    ReviewState,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/human-reviews", operation_id="list_human_reviews", response_model=PageOf[HumanReviewView]
)
async def list_human_reviews(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    state: Annotated[ReviewState | None, Query(description="状态 / state")] = None,
) -> Response:
    """One's own requests, and those of the actor's place (`asked`)."""
    found = await human_reviews.list_human_reviews(
        db, actor, page=page, teacher_id=teacher_id, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "/human-reviews",
    operation_id="request_human_review",
    response_model=HumanReviewView,
    status_code=201,
)
async def request_human_review(
    db: Transaction, actor: CurrentActor, new: NewHumanReview
) -> Response:
    """Ask that a human looks at an entry of one's own, or at why an activity gave none."""
    row = await human_reviews.request_human_review(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/human-reviews/{row['id']}")


@router.get(
    "/human-reviews/{review_id}", operation_id="get_human_review", response_model=HumanReviewView
)
async def get_human_review(
    request: Request, db: Reading, actor: CurrentActor, review_id: UUID
) -> Response:
    """One request with its answer."""
    return answer_one(request, await human_reviews.get_human_review(db, actor, review_id=review_id))


@router.post(
    "/human-reviews/{review_id}/decide",
    operation_id="decide_human_review",
    response_model=HumanReviewView,
)
async def decide_human_review(
    db: Transaction, actor: CurrentActor, review_id: UUID, decision: ReviewDecision
) -> Response:
    """Say what a human has found, and why; what is to be put right is done by the ordinary acts."""
    row = await human_reviews.decide_human_review(
        db, actor, review_id=review_id, decision=decision, now=now()
    )
    return answer(row)


@router.post(
    "/human-reviews/{review_id}/withdraw",
    operation_id="withdraw_human_review",
    response_model=HumanReviewView,
)
async def withdraw_human_review(db: Transaction, actor: CurrentActor, review_id: UUID) -> Response:
    """Take one's own request back while it waits."""
    row = await human_reviews.withdraw_human_review(db, actor, review_id=review_id, now=now())
    return answer(row)
