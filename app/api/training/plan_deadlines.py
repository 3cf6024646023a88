"""Deadlines of plans over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import plan_deadlines
from app.domain.training.plan_deadlines import DeadlineChange, DeadlineView, NewDeadline, OwedView
from app.domain.training.plans import PlanKind
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/plan-deadlines", operation_id="list_plan_deadlines", response_model=PageOf[DeadlineView]
)
async def list_plan_deadlines(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="设定单位 / superior")] = None,
    kind: Annotated[PlanKind | None, Query(description="计划类型 / kind of plan")] = None,
    since: Annotated[
        date | None, Query(description="截止日在此日及以后 / due on or after this day")
    ] = None,
) -> Response:
    """The deadlines that were set in the actor's place, the first due first (`due_on`)."""
    found = await plan_deadlines.list_plan_deadlines(
        db, actor, page=page, unit_id=unit_id, kind=kind, since=since
    )
    return answer_page(request, found, fields)


@router.get(
    "/upcoming-plan-deadlines",
    operation_id="list_upcoming_plan_deadlines",
    response_model=PageOf[DeadlineView],
)
async def list_upcoming_plan_deadlines(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    since: Annotated[
        date | None, Query(description="截止日在此日及以后 / due on or after this day")
    ] = None,
) -> Response:
    """The deadlines set by the units at and above the actor's, the first due first (`due_on`)."""
    found = await plan_deadlines.list_upcoming_plan_deadlines(db, actor, page=page, since=since)
    return answer_page(request, found, fields)


@router.get(
    "/plan-deadlines/{deadline_id}/owed",
    operation_id="list_plans_owed",
    response_model=list[OwedView],
)
async def list_plans_owed(
    db: Reading,
    actor: CurrentActor,
    deadline_id: UUID,
    missing: Annotated[
        bool | None, Query(description="只列未报送者 / only those who have none in")
    ] = None,
) -> Response:
    """Everybody who owes a plan by a deadline, and how far it is."""
    found = await plan_deadlines.list_plans_owed(
        db, actor, deadline_id=deadline_id, missing=bool(missing)
    )
    return answer(found)


@router.post(
    "/plan-deadlines",
    operation_id="set_plan_deadline",
    response_model=DeadlineView,
    status_code=201,
)
async def set_plan_deadline(db: Transaction, actor: CurrentActor, new: NewDeadline) -> Response:
    """Ask those directly below a unit for their plans of a period by a day."""
    row = await plan_deadlines.set_plan_deadline(db, actor, new=new, now=now())
    return answer(row, 201)


@router.patch(
    "/plan-deadlines/{deadline_id}", operation_id="move_plan_deadline", response_model=DeadlineView
)
async def move_plan_deadline(
    db: Transaction, actor: CurrentActor, deadline_id: UUID, change: DeadlineChange
) -> Response:
    """Give those below another day."""
    row = await plan_deadlines.move_plan_deadline(db, actor, deadline_id=deadline_id, change=change)
    return answer(row)
