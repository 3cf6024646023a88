"""Reviews of plans over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import plan_reviews
from app.domain.training.plan_reviews import PlanOpinion, PlanReviewView
from app.domain.training.plans import PlanAmendment, PlanView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/plans/{plan_id}/reviews",
    operation_id="list_plan_reviews",
    response_model=PageOf[PlanReviewView],
)
async def list_plan_reviews(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    plan_id: UUID,
) -> Response:
    """What was done with a plan: by whom, when, with which opinion (`taken`)."""
    found = await plan_reviews.list_plan_reviews(db, actor, page=page, plan_id=plan_id)
    return answer_page(request, found, fields)


@router.post("/plans/{plan_id}/submit", operation_id="submit_plan", response_model=PlanView)
async def submit_plan(db: Transaction, actor: CurrentActor, plan_id: UUID) -> Response:
    """Hand a plan to the superior for review; what it says is kept as a version."""
    row = await plan_reviews.submit_plan(db, actor, plan_id=plan_id, now=now())
    return answer(row)


@router.post("/plans/{plan_id}/amendments", operation_id="amend_plan", response_model=PlanView)
async def amend_plan(
    db: Transaction, actor: CurrentActor, plan_id: UUID, amendment: PlanAmendment
) -> Response:
    """Submit what an agreed plan is to say; until it is agreed to, the plan stays in force."""
    row = await plan_reviews.amend_plan(db, actor, plan_id=plan_id, amendment=amendment, now=now())
    return answer(row)


@router.post("/plans/{plan_id}/withdraw", operation_id="withdraw_plan", response_model=PlanView)
async def withdraw_plan(db: Transaction, actor: CurrentActor, plan_id: UUID) -> Response:
    """Take a plan back that has not been decided on."""
    row = await plan_reviews.withdraw_plan(db, actor, plan_id=plan_id, now=now())
    return answer(row)


@router.post("/plans/{plan_id}/return", operation_id="return_plan", response_model=PlanView)
async def return_plan(
    db: Transaction, actor: CurrentActor, plan_id: UUID, opinion: PlanOpinion
) -> Response:
    """Give a plan back to be written on, and say why."""
    row = await plan_reviews.return_plan(db, actor, plan_id=plan_id, opinion=opinion, now=now())
    return answer(row)


@router.post("/plans/{plan_id}/approve", operation_id="approve_plan", response_model=PlanView)
async def approve_plan(
    db: Transaction, actor: CurrentActor, plan_id: UUID, opinion: PlanOpinion
) -> Response:
    """Agree to a plan."""
    row = await plan_reviews.approve_plan(db, actor, plan_id=plan_id, opinion=opinion, now=now())
    return answer(row)


@router.post("/plans/{plan_id}/publish", operation_id="publish_plan", response_model=PlanView)
async def publish_plan(db: Transaction, actor: CurrentActor, plan_id: UUID) -> Response:
    """Show an agreed plan to those it is for."""
    row = await plan_reviews.publish_plan(db, actor, plan_id=plan_id, now=now())
    return answer(row)
