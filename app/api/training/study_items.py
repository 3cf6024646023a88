"""What is studied, and plans against what was done over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_one, answer_page
from app.domain.training import study_items
from app.domain.training.study_items import Have, PlanProgress, StudyItemView
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/units/{unit_id}/study-items",
    operation_id="list_study_items",
    response_model=PageOf[StudyItemView],
)
async def list_study_items(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: UUID,
    group_id: Annotated[
        UUID | None, Query(description="组织教研组 / group that organised it")
    ] = None,
    lacks: Annotated[Have | None, Query(description="缺少的一项 / which it lacks")] = None,
    since: Annotated[
        date | None, Query(description="此日及以后 / with a day on or after this")
    ] = None,
    until: Annotated[
        date | None, Query(description="此日及以前 / with a day on or before this")
    ] = None,
) -> Response:
    """The activities that were held, with their four haves, by first day (`starts_on`)."""
    found = await study_items.list_study_items(
        db,
        actor,
        page=page,
        unit_id=unit_id,
        group_id=group_id,
        lacks=lacks,
        since=since,
        until=until,
    )
    return answer_page(request, found, fields)


@router.get(
    "/plans/{plan_id}/progress", operation_id="get_plan_progress", response_model=PlanProgress
)
async def get_plan_progress(
    request: Request, db: Reading, actor: CurrentActor, plan_id: UUID
) -> Response:
    """A plan against what was done by it."""
    row = await study_items.get_plan_progress(db, actor, plan_id=plan_id)
    return answer_one(request, row)
