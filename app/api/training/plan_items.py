"""Items of plans over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import plan_items
from app.domain.training.plan_items import ItemActivity, NewPlanItem, PlanItemChanges, PlanItemView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/plans/{plan_id}/items", operation_id="list_plan_items", response_model=PageOf[PlanItemView]
)
async def list_plan_items(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    plan_id: UUID,
) -> Response:
    """The items of a plan with their four haves, by first day (`starts_on`)."""
    found = await plan_items.list_plan_items(db, actor, page=page, plan_id=plan_id)
    return answer_page(request, found, fields)


@router.post(
    "/plans/{plan_id}/items",
    operation_id="add_plan_item",
    response_model=PlanItemView,
    status_code=201,
)
async def add_plan_item(
    db: Transaction, actor: CurrentActor, plan_id: UUID, new: NewPlanItem
) -> Response:
    """Add an item to a plan that is being written."""
    row = await plan_items.add_plan_item(db, actor, plan_id=plan_id, new=new)
    return answer(row, 201)


@router.patch("/plan-items/{item_id}", operation_id="update_plan_item", response_model=PlanItemView)
async def update_plan_item(
    db: Transaction, actor: CurrentActor, item_id: UUID, changes: PlanItemChanges
) -> Response:
    """Change an item of a plan that is being written."""
    row = await plan_items.update_plan_item(db, actor, item_id=item_id, changes=changes)
    return answer(row)


@router.delete(
    "/plan-items/{item_id}", operation_id="remove_plan_item", response_model=PlanItemView
)
async def remove_plan_item(db: Transaction, actor: CurrentActor, item_id: UUID) -> Response:
    """Take an item out of a plan that is being written; what it was."""
    row = await plan_items.remove_plan_item(db, actor, item_id=item_id)
    return answer(row)


@router.post(
    "/plan-items/{item_id}/activities",
    operation_id="link_plan_activity",
    response_model=PlanItemView,
    status_code=201,
)
async def link_plan_activity(
    db: Transaction, actor: CurrentActor, item_id: UUID, link: ItemActivity
) -> Response:
    """Say that an activity carries out an item of an agreed plan."""
    row = await plan_items.link_plan_activity(db, actor, item_id=item_id, link=link)
    return answer(row, 201)


@router.delete(
    "/plan-items/{item_id}/activities/{activity_id}",
    operation_id="unlink_plan_activity",
    response_model=PlanItemView,
)
async def unlink_plan_activity(
    db: Transaction, actor: CurrentActor, item_id: UUID, activity_id: UUID
) -> Response:
    """Say that an activity does not carry out an item after all."""
    row = await plan_items.unlink_plan_activity(db, actor, item_id=item_id, activity_id=activity_id)
    return answer(row)
