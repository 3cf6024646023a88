"""Evaluations of activities over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.training import evaluations
from app.domain.training.evaluations import EvaluationPlan, EvaluationView, NewSummary
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/evaluations", operation_id="list_evaluations", response_model=PageOf[EvaluationView])
async def list_evaluations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    activity_id: Annotated[UUID | None, Query(description="活动 / activity")] = None,
    organiser_unit_id: Annotated[UUID | None, Query(description="组织单位 / unit")] = None,
    summarised: Annotated[bool | None, Query(description="是否已总结 / summed up or not")] = None,
    due_before: Annotated[
        date | None, Query(description="总结截止日早于该日 / summary due before this day")
    ] = None,
) -> Response:
    """The evaluations of activities in the actor's place (`created`, `summary_due_on`)."""
    found = await evaluations.list_evaluations(
        db, actor, page=page, activity_id=activity_id, organiser_unit_id=organiser_unit_id,
        summarised=summarised, due_before=due_before,
    )  # fmt: skip
    await include.into("Evaluation", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/evaluations/{evaluation_id}", operation_id="get_evaluation", response_model=EvaluationView
)
async def get_evaluation(
    request: Request, db: Reading, actor: CurrentActor, evaluation_id: UUID, include: Include
) -> Response:
    """One evaluation: its survey, and what the organiser summed up."""
    row = await evaluations.get_evaluation(db, actor, evaluation_id=evaluation_id)
    await include.into("Evaluation", [row])
    return answer_one(request, row)


@router.put(
    "/activities/{activity_id}/evaluation",
    operation_id="plan_evaluation",
    response_model=EvaluationView,
)
async def plan_evaluation(
    db: Transaction, actor: CurrentActor, activity_id: UUID, plan: EvaluationPlan
) -> Response:
    """Say how an activity is to be evaluated, until it closes; without it, by the city's template."""
    row = await evaluations.plan_evaluation(db, actor, activity_id=activity_id, plan=plan)
    return answer(row)


@router.post(
    "/activities/{activity_id}/summary",
    operation_id="summarise_activity",
    response_model=EvaluationView,
)
async def summarise_activity(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewSummary
) -> Response:
    """Sum a closed activity up; a later summary takes an earlier one's place."""
    row = await evaluations.summarise_activity(
        db, actor, activity_id=activity_id, new=new, now=now()
    )
    return answer(row)
