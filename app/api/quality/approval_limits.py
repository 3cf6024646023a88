"""Limits of approval over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import approval_limits
from app.domain.quality.approval_limits import ApprovalLimitView, NewApprovalLimit
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/approval-limits",
    operation_id="list_approval_limits",
    response_model=PageOf[ApprovalLimitView],
)
async def list_approval_limits(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    account_id: Annotated[UUID | None, Query(description="审批人账号 / account")] = None,
) -> Response:
    """Who approves up to which amount, as it was said (`created`, `valid_from`)."""
    found = await approval_limits.list_approval_limits(
        db, actor, page=page, unit_id=unit_id, account_id=account_id
    )
    await include.into("ApprovalLimit", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/approval-limits",
    operation_id="set_approval_limit",
    response_model=ApprovalLimitView,
    status_code=201,
)
async def set_approval_limit(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewApprovalLimit
) -> Response:
    """Say up to which amount somebody approves expenses of a unit, from a day on."""
    row = await approval_limits.set_approval_limit(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, status=201)
