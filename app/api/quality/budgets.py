"""Budgets over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import budgets
from app.domain.quality.budgets import (
    BudgetLineView,
    BudgetReviewView,
    BudgetState,
    BudgetView,
    FundsOpinion,
    NewBudget,
    NewBudgetLine,
    SpendClass,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/budgets", operation_id="list_budgets", response_model=PageOf[BudgetView])
async def list_budgets(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    year: Annotated[int | None, Query(description="预算年度 / calendar year")] = None,
    state: Annotated[BudgetState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The budgets of the units whose funds one may see (`year`, `created`)."""
    found = await budgets.list_budgets(
        db, actor, page=page, unit_id=unit_id, year=year, state=state
    )
    await include.into("Budget", found.items)
    return answer_page(request, found, fields)


@router.get("/budgets/{budget_id}", operation_id="get_budget", response_model=BudgetView)
async def get_budget(
    request: Request, db: Reading, actor: CurrentActor, budget_id: UUID, include: Include
) -> Response:
    """One budget."""
    row = await budgets.get_budget(db, actor, budget_id=budget_id)
    await include.into("Budget", [row])
    return answer_one(request, row)


@router.post("/budgets", operation_id="draft_budget", response_model=BudgetView, status_code=201)
async def draft_budget(db: Transaction, actor: CurrentActor, new: NewBudget) -> Response:
    """Begin the budget of a unit for a year."""
    row = await budgets.draft_budget(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/budgets/{row['id']}")


@router.post("/budgets/{budget_id}/submit", operation_id="submit_budget", response_model=BudgetView)
async def submit_budget(db: Transaction, actor: CurrentActor, budget_id: UUID) -> Response:
    """Hand a budget in; its lines stay as they are from then on, unless it is returned."""
    return answer(await budgets.submit_budget(db, actor, budget_id=budget_id, now=now()))


@router.post(
    "/budgets/{budget_id}/approve", operation_id="approve_budget", response_model=BudgetView
)
async def approve_budget(
    db: Transaction, actor: CurrentActor, budget_id: UUID, opinion: FundsOpinion
) -> Response:
    """Approve a budget as the unit's superior; its own money is there to be spent."""
    return answer(
        await budgets.approve_budget(db, actor, budget_id=budget_id, opinion=opinion, now=now())
    )


@router.post("/budgets/{budget_id}/return", operation_id="return_budget", response_model=BudgetView)
async def return_budget(
    db: Transaction, actor: CurrentActor, budget_id: UUID, opinion: FundsOpinion
) -> Response:
    """Give a budget back to be written on, and say why."""
    return answer(
        await budgets.return_budget(db, actor, budget_id=budget_id, opinion=opinion, now=now())
    )


@router.post("/budgets/{budget_id}/close", operation_id="close_budget", response_model=BudgetView)
async def close_budget(db: Transaction, actor: CurrentActor, budget_id: UUID) -> Response:
    """Close the books of a year in which nothing waits and nothing is left."""
    return answer(await budgets.close_budget(db, actor, budget_id=budget_id, now=now()))


@router.post("/budgets/{budget_id}/reopen", operation_id="reopen_budget", response_model=BudgetView)
async def reopen_budget(
    db: Transaction, actor: CurrentActor, budget_id: UUID, opinion: FundsOpinion
) -> Response:
    """Open closed books again as the unit's superior, for a reason that stays."""
    return answer(
        await budgets.reopen_budget(db, actor, budget_id=budget_id, opinion=opinion, now=now())
    )


@router.get(
    "/budgets/{budget_id}/reviews",
    operation_id="list_budget_reviews",
    response_model=PageOf[BudgetReviewView],
)
async def list_budget_reviews(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    budget_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """What was done with one budget, the first first (`taken`)."""
    found = await budgets.list_budget_reviews(db, actor, budget_id=budget_id, page=page)
    await include.into("BudgetReview", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/budget-lines", operation_id="list_budget_lines", response_model=PageOf[BudgetLineView]
)
async def list_budget_lines(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    budget_id: Annotated[UUID | None, Query(description="预算 / budget")] = None,
    unit_id: Annotated[UUID | None, Query(description="单位 / unit")] = None,
    year: Annotated[int | None, Query(description="预算年度 / calendar year")] = None,
    spend_class: Annotated[
        SpendClass | None, Query(description="支出类别 / class of spending")
    ] = None,
    earmark: Annotated[str | None, Query(description="专款名称 / earmark")] = None,
    is_priority: Annotated[
        bool | None, Query(description="是否重点支持项目 / priority items")
    ] = None,
) -> Response:
    """Lines of the budgets that one may see (`created`, `planned`)."""
    found = await budgets.list_budget_lines(
        db,
        actor,
        page=page,
        budget_id=budget_id,
        unit_id=unit_id,
        year=year,
        spend_class=spend_class,
        earmark=earmark,
        is_priority=is_priority,
    )
    await include.into("BudgetLine", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/budget-lines/{line_id}", operation_id="get_budget_line", response_model=BudgetLineView
)
async def get_budget_line(
    request: Request, db: Reading, actor: CurrentActor, line_id: UUID, include: Include
) -> Response:
    """One line, with where its money is."""
    row = await budgets.get_budget_line(db, actor, line_id=line_id)
    await include.into("BudgetLine", [row])
    return answer_one(request, row)


@router.post(
    "/budgets/{budget_id}/lines",
    operation_id="add_budget_line",
    response_model=BudgetLineView,
    status_code=201,
)
async def add_budget_line(
    db: Transaction, actor: CurrentActor, budget_id: UUID, new: NewBudgetLine
) -> Response:
    """Add a line to a draft, or one without a plan to an approved budget."""
    row = await budgets.add_budget_line(db, actor, budget_id=budget_id, new=new, now=now())
    return answer_created(row, f"/api/v1/budget-lines/{row['id']}")


@router.delete(
    "/budget-lines/{line_id}", operation_id="drop_budget_line", response_model=BudgetLineView
)
async def drop_budget_line(db: Transaction, actor: CurrentActor, line_id: UUID) -> Response:
    """Take a line out of a draft; what it was."""
    return answer(await budgets.drop_budget_line(db, actor, line_id=line_id))
