"""Orders to check over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import check_orders, unit_evaluations
from app.domain.quality.check_orders import CheckKind, CheckOrderView
from app.domain.quality.unit_evaluations import (
    EvaluatorAppointment,
    NewCheckOrder,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/check-orders", operation_id="list_check_orders", response_model=PageOf[CheckOrderView]
)
async def list_check_orders(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="发文教育局 / bureau")] = None,
    kind: Annotated[CheckKind | None, Query(description="检查类型 / kind")] = None,
    school_year: Annotated[
        int | None, Query(ge=2000, le=2100, description="学年（起始年） / school year")
    ] = None,
) -> Response:
    """The orders of the bureaux at and above the actor, by due day unless sorted otherwise (`created`)."""
    found = await check_orders.list_check_orders(
        db, actor, page=page, unit_id=unit_id, kind=kind, school_year=school_year
    )
    await include.into("CheckOrder", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/check-orders",
    operation_id="issue_check_order",
    response_model=CheckOrderView,
    status_code=201,
)
async def issue_check_order(db: Transaction, actor: CurrentActor, new: NewCheckOrder) -> Response:
    """Order a check: an evaluation of each unit begins, with what the register says of it."""
    row = await unit_evaluations.issue_check_order(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/check-orders/{row['id']}")


@router.get(
    "/check-orders/{order_id}", operation_id="get_check_order", response_model=CheckOrderView
)
async def get_check_order(
    request: Request, db: Reading, actor: CurrentActor, order_id: UUID, include: Include
) -> Response:
    """One order, of the actor's place or of a bureau at or above it."""
    row = await check_orders.get_check_order(db, actor, order_id=order_id)
    await include.into("CheckOrder", [row])
    return answer_one(request, row)


@router.post(
    "/check-orders/{order_id}/evaluators",
    operation_id="appoint_evaluators",
    response_model=CheckOrderView,
)
async def appoint_evaluators(
    db: Transaction, actor: CurrentActor, order_id: UUID, appointment: EvaluatorAppointment
) -> Response:
    """Appoint people to evaluate units under an order; nobody evaluates their own."""
    row = await unit_evaluations.appoint_evaluators(
        db, actor, order_id=order_id, appointment=appointment, now=now()
    )
    return answer(row)
