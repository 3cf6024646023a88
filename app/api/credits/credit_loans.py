"""Loans of credit over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import credit_loans
from app.domain.credits.credit_loans import CreditLoanView, NewCreditLoan
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/credit-loans",
    operation_id="list_credit_loans",
    response_model=PageOf[CreditLoanView],
)
async def list_credit_loans(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """What was lent to a teacher, in the order in which it was registered (`lent`)."""
    found = await credit_loans.list_credit_loans(db, actor, teacher_id=teacher_id, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/credit-loans/{credit_loan_id}", operation_id="get_credit_loan", response_model=CreditLoanView
)
async def get_credit_loan(
    request: Request, db: Reading, actor: CurrentActor, credit_loan_id: UUID
) -> Response:
    """One loan of credit."""
    found = await credit_loans.get_credit_loan(db, actor, credit_loan_id=credit_loan_id)
    return answer_one(request, found)


@router.post(
    "/teachers/{teacher_id}/credit-loans",
    operation_id="lend_credit",
    response_model=CreditLoanView,
    status_code=201,
)
async def lend_credit(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewCreditLoan
) -> Response:
    """Lend credit to a teacher from today on, as far as the rules in force lend any."""
    row = await credit_loans.lend_credit(db, actor, teacher_id=teacher_id, new=new, now=now())
    return answer_created(row, f"/api/v1/credit-loans/{row['id']}")


@router.post(
    "/credit-loans/{credit_loan_id}/repay",
    operation_id="repay_credit_loan",
    response_model=CreditLoanView,
)
async def repay_credit_loan(db: Transaction, actor: CurrentActor, credit_loan_id: UUID) -> Response:
    """Take a loan back from today on, before it falls due."""
    row = await credit_loans.repay_credit_loan(db, actor, credit_loan_id=credit_loan_id, now=now())
    return answer(row)
