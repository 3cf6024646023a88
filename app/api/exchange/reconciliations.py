"""Reconciliations with the province over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.exchange import reconciliations
from app.domain.exchange.reconciliations import (
    DifferenceView,
    DisagreementKind,
    NewReconciliation,
    ReconciliationView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/province/reconciliations", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_reconciliations", response_model=PageOf[ReconciliationView])
async def list_reconciliations(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The reconciliations of the actor's cities (`created`)."""
    found = await reconciliations.list_reconciliations(db, actor, page=page)
    return answer_page(request, found, fields)


@router.post(
    "", operation_id="start_reconciliation", response_model=ReconciliationView, status_code=201
)
async def start_reconciliation(
    db: Transaction, actor: CurrentActor, new: NewReconciliation
) -> Response:
    """Have both sides compared; it is done beside the requests."""
    row = await reconciliations.start_reconciliation(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/province/reconciliations/{row['id']}")


@router.get(
    "/{reconciliation_id}", operation_id="get_reconciliation", response_model=ReconciliationView
)
async def get_reconciliation(
    request: Request, db: Reading, actor: CurrentActor, reconciliation_id: UUID
) -> Response:
    """One reconciliation, and how far it has come."""
    row = await reconciliations.get_reconciliation(db, actor, reconciliation_id=reconciliation_id)
    return answer_one(request, row)


@router.get(
    "/{reconciliation_id}/differences",
    operation_id="list_reconciliation_differences",
    response_model=PageOf[DifferenceView],
)
async def list_reconciliation_differences(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    reconciliation_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[DisagreementKind | None, Query(description="差异类型 / kind")] = None,
) -> Response:
    """What does not agree: missing here, missing there, or different (`key`)."""
    found = await reconciliations.list_reconciliation_differences(
        db, actor, reconciliation_id=reconciliation_id, page=page, kind=kind
    )
    return answer_page(request, found, fields)
