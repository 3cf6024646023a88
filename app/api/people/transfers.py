"""Transfers over REST: proposed by one side, answered by the other, completed by who takes in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.people import transfers
from app.domain.people.transfers import (
    NewTransfer,
    TransferAnswer,
    TransferCompletion,
    TransferKind,
    TransferState,
    TransferView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    now,
    resources,
)
from app.request.inclusions import Include

router = APIRouter(prefix="/transfers", tags=["people"], route_class=Route)


@router.get("", operation_id="list_transfers", response_model=PageOf[TransferView])
async def list_transfers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    kind: Annotated[TransferKind | None, Query(description="类型 / kind")] = None,
    state: Annotated[TransferState | None, Query(description="状态 / state")] = None,
    from_unit_id: Annotated[UUID | None, Query(description="调出学校 / who lets go")] = None,
    to_unit_id: Annotated[UUID | None, Query(description="调入单位 / who takes in")] = None,
) -> Response:
    """The transfers of one's place on either side, the first proposed first (`proposed`)."""
    found = await transfers.list_transfers(
        db,
        actor,
        page=page,
        teacher_id=teacher_id,
        kind=kind,
        state=state,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
    )
    await include.into("Transfer", found.items)
    return answer_page(request, found, fields)


@router.post("", operation_id="propose_transfer", response_model=TransferView, status_code=201)
async def propose_transfer(
    request: Request, db: Transaction, actor: CurrentActor, new: NewTransfer
) -> Response:
    """Propose a transfer for the school that lets go, or for the one that takes in."""
    cipher = resources(request).cipher
    row = await transfers.propose_transfer(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/transfers/{row['id']}")


@router.get("/{transfer_id}", operation_id="get_transfer", response_model=TransferView)
async def get_transfer(
    request: Request, db: Reading, actor: CurrentActor, transfer_id: UUID, include: Include
) -> Response:
    """One transfer, with what its sides may know of the person."""
    row = await transfers.get_transfer(db, actor, transfer_id=transfer_id)
    await include.into("Transfer", [row])
    return answer_one(request, row)


@router.post("/{transfer_id}/accept", operation_id="accept_transfer", response_model=TransferView)
async def accept_transfer(
    db: Transaction, actor: CurrentActor, transfer_id: UUID, answered: TransferAnswer
) -> Response:
    """Agree, for the side that did not propose it."""
    row = await transfers.accept_transfer(
        db, actor, transfer_id=transfer_id, answer=answered, now=now()
    )
    return answer(row)


@router.post("/{transfer_id}/decline", operation_id="decline_transfer", response_model=TransferView)
async def decline_transfer(
    db: Transaction, actor: CurrentActor, transfer_id: UUID, answered: TransferAnswer
) -> Response:
    """Disagree, for the side that did not propose it."""
    row = await transfers.decline_transfer(
        db, actor, transfer_id=transfer_id, answer=answered, now=now()
    )
    return answer(row)


@router.post(
    "/{transfer_id}/withdraw", operation_id="withdraw_transfer", response_model=TransferView
)
async def withdraw_transfer(db: Transaction, actor: CurrentActor, transfer_id: UUID) -> Response:
    """Take it back: its proposer, and once it is accepted either side."""
    return answer(await transfers.withdraw_transfer(db, actor, transfer_id=transfer_id, now=now()))


@router.post(
    "/{transfer_id}/complete", operation_id="complete_transfer", response_model=TransferView
)
async def complete_transfer(
    db: Transaction, actor: CurrentActor, transfer_id: UUID, completion: TransferCompletion
) -> Response:
    """Say, for the side that takes in, from which day on it holds: the person is there from now on."""
    row = await transfers.complete_transfer(
        db, actor, transfer_id=transfer_id, completion=completion, now=now()
    )
    return answer(row)
