"""Targets of assignments over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import answer, answer_created, answer_one
from app.domain.organisation import targets
from app.domain.organisation.targets import NewTarget, TargetReview, TargetView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["organisation"], route_class=Route)


@router.get(
    "/assignments/{assignment_id}/targets",
    operation_id="list_targets",
    response_model=list[TargetView],
)
async def list_targets(db: Reading, actor: CurrentActor, assignment_id: UUID) -> Response:
    """The targets of an assignment, those due first before the others."""
    return answer(await targets.list_targets(db, actor, assignment_id=assignment_id))


@router.post(
    "/assignments/{assignment_id}/targets",
    operation_id="agree_target",
    response_model=TargetView,
    status_code=201,
)
async def agree_target(
    db: Transaction, actor: CurrentActor, assignment_id: UUID, new: NewTarget
) -> Response:
    """Agree a target for an assignment, to fall due within its term."""
    row = await targets.agree_target(db, actor, assignment_id=assignment_id, new=new, now=now())
    return answer_created(row, f"/api/v1/targets/{row['id']}")


@router.get("/targets/{target_id}", operation_id="get_target", response_model=TargetView)
async def get_target(
    request: Request, db: Reading, actor: CurrentActor, target_id: UUID
) -> Response:
    """One target."""
    return answer_one(request, await targets.get_target(db, actor, target_id=target_id))


@router.post("/targets/{target_id}/review", operation_id="review_target", response_model=TargetView)
async def review_target(
    db: Transaction, actor: CurrentActor, target_id: UUID, review: TargetReview
) -> Response:
    """Say what became of a target; a later review takes the place of an earlier one."""
    return answer(
        await targets.review_target(db, actor, target_id=target_id, review=review, now=now())
    )
