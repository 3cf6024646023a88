"""Amendments of budgets over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import budget_amendments
from app.domain.quality.budget_amendments import (
    AmendmentState,
    BudgetAmendmentView,
    NewBudgetAmendment,
)
from app.domain.quality.budgets import FundsOpinion
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/budget-amendments",
    operation_id="list_budget_amendments",
    response_model=PageOf[BudgetAmendmentView],
)
async def list_budget_amendments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    budget_id: Annotated[UUID | None, Query(description="预算 / budget")] = None,
    state: Annotated[AmendmentState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The amendments of the budgets that one may see (`created`, `effective_on`)."""
    found = await budget_amendments.list_budget_amendments(
        db, actor, page=page, budget_id=budget_id, state=state
    )
    await include.into("BudgetAmendment", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/budget-amendments/{amendment_id}",
    operation_id="get_budget_amendment",
    response_model=BudgetAmendmentView,
)
async def get_budget_amendment(
    request: Request, db: Reading, actor: CurrentActor, amendment_id: UUID, include: Include
) -> Response:
    """One amendment."""
    row = await budget_amendments.get_budget_amendment(db, actor, amendment_id=amendment_id)
    await include.into("BudgetAmendment", [row])
    return answer_one(request, row)


@router.post(
    "/budgets/{budget_id}/amendments",
    operation_id="propose_budget_amendment",
    response_model=BudgetAmendmentView,
    status_code=201,
)
async def propose_budget_amendment(
    db: Transaction, actor: CurrentActor, budget_id: UUID, new: NewBudgetAmendment
) -> Response:
    """Propose that an approved budget be amended from a day on."""
    row = await budget_amendments.propose_budget_amendment(
        db, actor, budget_id=budget_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/budget-amendments/{row['id']}")


@router.post(
    "/budget-amendments/{amendment_id}/approve",
    operation_id="approve_budget_amendment",
    response_model=BudgetAmendmentView,
)
async def approve_budget_amendment(
    db: Transaction, actor: CurrentActor, amendment_id: UUID, opinion: FundsOpinion
) -> Response:
    """Approve an amendment as the unit's superior, on its day or later."""
    return answer(
        await budget_amendments.approve_budget_amendment(
            db, actor, amendment_id=amendment_id, opinion=opinion, now=now()
        )
    )


@router.post(
    "/budget-amendments/{amendment_id}/reject",
    operation_id="reject_budget_amendment",
    response_model=BudgetAmendmentView,
)
async def reject_budget_amendment(
    db: Transaction, actor: CurrentActor, amendment_id: UUID, opinion: FundsOpinion
) -> Response:
    """Refuse an amendment, and say why."""
    return answer(
        await budget_amendments.reject_budget_amendment(
            db, actor, amendment_id=amendment_id, opinion=opinion, now=now()
        )
    )
