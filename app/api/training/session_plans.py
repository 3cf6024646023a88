"""Plans of sessions over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import session_plans
from app.domain.training.session_plans import (
    NewSessionPlan,
    SessionPlanOpinion,
    SessionPlanRevision,
    SessionPlanState,
    SessionPlanView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/session-plans", operation_id="list_session_plans", response_model=PageOf[SessionPlanView]
)
async def list_session_plans(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: Annotated[UUID | None, Query(description="活动 / activity")] = None,
    state: Annotated[SessionPlanState | None, Query(description="状态 / state")] = None,
) -> Response:
    """Plans of sessions within reach, the first handed in first (`submitted_at`, `created`)."""
    found = await session_plans.list_session_plans(
        db, actor, page=page, activity_id=activity_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/session-plans/{session_plan_id}",
    operation_id="get_session_plan",
    response_model=SessionPlanView,
)
async def get_session_plan(
    request: Request, db: Reading, actor: CurrentActor, session_plan_id: UUID
) -> Response:
    """The plan of a session."""
    row = await session_plans.get_session_plan(db, actor, session_plan_id=session_plan_id)
    return answer_one(request, row)


@router.post(
    "/sessions/{session_id}/plan",
    operation_id="submit_session_plan",
    response_model=SessionPlanView,
    status_code=201,
)
async def submit_session_plan(
    db: Transaction, actor: CurrentActor, session_id: UUID, new: NewSessionPlan
) -> Response:
    """Hand in the plan of a session."""
    row = await session_plans.submit_session_plan(
        db, actor, session_id=session_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/session-plans/{row['id']}")


@router.put(
    "/session-plans/{session_plan_id}",
    operation_id="revise_session_plan",
    response_model=SessionPlanView,
)
async def revise_session_plan(
    db: Transaction, actor: CurrentActor, session_plan_id: UUID, revision: SessionPlanRevision
) -> Response:
    """Hand the plan of a session in again, as it is now meant."""
    row = await session_plans.revise_session_plan(
        db, actor, session_plan_id=session_plan_id, revision=revision, now=now()
    )
    return answer(row)


@router.post(
    "/session-plans/{session_plan_id}/approve",
    operation_id="approve_session_plan",
    response_model=SessionPlanView,
)
async def approve_session_plan(
    db: Transaction, actor: CurrentActor, session_plan_id: UUID, opinion: SessionPlanOpinion
) -> Response:
    """Agree to the plan of a session."""
    row = await session_plans.approve_session_plan(
        db, actor, session_plan_id=session_plan_id, opinion=opinion, now=now()
    )
    return answer(row)


@router.post(
    "/session-plans/{session_plan_id}/return",
    operation_id="return_session_plan",
    response_model=SessionPlanView,
)
async def return_session_plan(
    db: Transaction, actor: CurrentActor, session_plan_id: UUID, opinion: SessionPlanOpinion
) -> Response:
    """Give the plan of a session back to be revised, and say why."""
    row = await session_plans.return_session_plan(
        db, actor, session_plan_id=session_plan_id, opinion=opinion, now=now()
    )
    return answer(row)
