"""Expenses over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import expenses
from app.domain.quality.budgets import FundsOpinion, SpendClass
from app.domain.quality.expenses import ExpenseState, ExpenseView, NewExpense
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/expenses", operation_id="list_expenses", response_model=PageOf[ExpenseView])
async def list_expenses(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    line_id: Annotated[UUID | None, Query(description="预算科目 / line")] = None,
    commitment_id: Annotated[UUID | None, Query(description="预留 / commitment")] = None,
    activity_id: Annotated[UUID | None, Query(description="研修活动 / activity")] = None,
    topic_id: Annotated[UUID | None, Query(description="课题 / topic")] = None,
    output_id: Annotated[UUID | None, Query(description="研究成果 / output")] = None,
    state: Annotated[ExpenseState | None, Query(description="状态 / state")] = None,
    spend_class: Annotated[
        SpendClass | None, Query(description="支出类别 / class of spending")
    ] = None,
) -> Response:
    """The expenses of the units whose funds one may see (`created`, `spent_on`, `amount`)."""
    found = await expenses.list_expenses(
        db,
        actor,
        page=page,
        line_id=line_id,
        commitment_id=commitment_id,
        activity_id=activity_id,
        topic_id=topic_id,
        output_id=output_id,
        state=state,
        spend_class=spend_class,
    )
    await include.into("Expense", found.items)
    return answer_page(request, found, fields)


@router.get("/expenses/{expense_id}", operation_id="get_expense", response_model=ExpenseView)
async def get_expense(
    request: Request, db: Reading, actor: CurrentActor, expense_id: UUID, include: Include
) -> Response:
    """One expense."""
    row = await expenses.get_expense(db, actor, expense_id=expense_id)
    await include.into("Expense", [row])
    return answer_one(request, row)


@router.post(
    "/budget-lines/{line_id}/expenses",
    operation_id="submit_expense",
    response_model=ExpenseView,
    status_code=201,
)
async def submit_expense(
    db: Transaction, actor: CurrentActor, line_id: UUID, new: NewExpense
) -> Response:
    """Hand in what was spent out of a line."""
    row = await expenses.submit_expense(db, actor, line_id=line_id, new=new, now=now())
    return answer_created(row, f"/api/v1/expenses/{row['id']}")


@router.post(
    "/expenses/{expense_id}/approve", operation_id="approve_expense", response_model=ExpenseView
)
async def approve_expense(
    db: Transaction, actor: CurrentActor, expense_id: UUID, opinion: FundsOpinion
) -> Response:
    """Approve an expense within one's limit: the money moves."""
    return answer(
        await expenses.approve_expense(db, actor, expense_id=expense_id, opinion=opinion, now=now())
    )


@router.post(
    "/expenses/{expense_id}/return", operation_id="return_expense", response_model=ExpenseView
)
async def return_expense(
    db: Transaction, actor: CurrentActor, expense_id: UUID, opinion: FundsOpinion
) -> Response:
    """Give an expense back, and say why."""
    return answer(
        await expenses.return_expense(db, actor, expense_id=expense_id, opinion=opinion, now=now())
    )


@router.post(
    "/expenses/{expense_id}/reverse", operation_id="reverse_expense", response_model=ExpenseView
)
async def reverse_expense(
    db: Transaction, actor: CurrentActor, expense_id: UUID, opinion: FundsOpinion
) -> Response:
    """Take an approved expense back by an entry of its own."""
    return answer(
        await expenses.reverse_expense(db, actor, expense_id=expense_id, opinion=opinion, now=now())
    )


@router.post(
    "/expenses/{expense_id}/files/{file_id}/link",
    operation_id="create_expense_file_link",
    response_model=FileLink,
)
async def create_expense_file_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    expense_id: UUID,
    file_id: UUID,
    new: NewFileLink,
) -> Response:
    """A link to a file of an expense, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    row = await expenses.create_expense_file_link(
        db, actor, expense_id=expense_id, file_id=file_id, new=new, links=links, now=now()
    )
    return answer(row)
