"""Transfers of credit over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.credits import credit_transfers
from app.domain.credits.credit_transfers import CreditTransferView, NewTransferIn, NewTransferOut
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/credit-transfers",
    operation_id="list_credit_transfers",
    response_model=PageOf[CreditTransferView],
)
async def list_credit_transfers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """What was transferred for a teacher, in the order in which it was registered."""
    found = await credit_transfers.list_credit_transfers(
        db, actor, teacher_id=teacher_id, page=page
    )
    return answer_page(request, found, fields)


@router.get(
    "/credit-transfers/{credit_transfer_id}",
    operation_id="get_credit_transfer",
    response_model=CreditTransferView,
)
async def get_credit_transfer(
    request: Request, db: Reading, actor: CurrentActor, credit_transfer_id: UUID
) -> Response:
    """One transfer of credit."""
    found = await credit_transfers.get_credit_transfer(
        db, actor, credit_transfer_id=credit_transfer_id
    )
    return answer_one(request, found)


@router.post(
    "/teachers/{teacher_id}/credit-transfers/in",
    operation_id="transfer_credit_in",
    response_model=CreditTransferView,
    status_code=201,
)
async def transfer_credit_in(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewTransferIn
) -> Response:
    """Enter what another authority certifies, line by line."""
    row = await credit_transfers.transfer_credit_in(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/credit-transfers/{row['id']}")


@router.post(
    "/teachers/{teacher_id}/credit-transfers/out",
    operation_id="transfer_credit_out",
    response_model=CreditTransferView,
    status_code=201,
)
async def transfer_credit_out(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewTransferOut
) -> Response:
    """Strike what counts under another authority from now on."""
    row = await credit_transfers.transfer_credit_out(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/credit-transfers/{row['id']}")
