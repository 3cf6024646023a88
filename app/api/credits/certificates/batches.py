"""Batches of certificates over REST: proposing them, and deciding on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.credits import certificates
from app.domain.credits.certificates import (
    CertificateBatchOpinion,
    CertificateBatchState,
    CertificateBatchView,
    CertificateCandidateView,
    CertificateKind,
    NewCertificateBatch,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include
from app.security import passwords

router = APIRouter(tags=["credits"], route_class=Route)

_Id = Annotated[UUID | None, Query(description="按标识筛选 / only of this one")]
_Kind = Annotated[CertificateKind | None, Query(description="证书类型 / kind")]


@router.get(
    "/certificate-batches",
    operation_id="list_certificate_batches",
    response_model=PageOf[CertificateBatchView],
)
async def list_certificate_batches(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: _Id = None,
    kind: _Kind = None,
    state: Annotated[CertificateBatchState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The batches of the units in the actor's place (`created`)."""
    found = await certificates.list_certificate_batches(
        db, actor, page=page, unit_id=unit_id, kind=kind, state=state
    )
    await include.into("CertificateBatch", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/certificate-batches",
    operation_id="draw_up_certificate_batch",
    response_model=CertificateBatchView,
    status_code=201,
)
async def draw_up_certificate_batch(
    db: Transaction, actor: CurrentActor, new: NewCertificateBatch
) -> Response:
    """Propose certificates for whoever qualifies, to be approved by the city's authority."""
    row = await certificates.draw_up_certificate_batch(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/certificate-batches/{row['id']}")


@router.get(
    "/certificate-batches/{batch_id}",
    operation_id="get_certificate_batch",
    response_model=CertificateBatchView,
)
async def get_certificate_batch(
    request: Request, db: Reading, actor: CurrentActor, batch_id: UUID, include: Include
) -> Response:
    """One batch."""
    row = await certificates.get_certificate_batch(db, actor, batch_id=batch_id)
    await include.into("CertificateBatch", [row])
    return answer_one(request, row)


@router.get(
    "/certificate-batches/{batch_id}/candidates",
    operation_id="list_certificate_candidates",
    response_model=PageOf[CertificateCandidateView],
)
async def list_certificate_candidates(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    batch_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """Who is proposed in a batch, and who was left out and why (`name`, `created`)."""
    found = await certificates.list_certificate_candidates(db, actor, batch_id=batch_id, page=page)
    await include.into("CertificateCandidate", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/certificate-batches/{batch_id}/approve",
    operation_id="approve_certificate_batch",
    response_model=CertificateBatchView,
)
async def approve_certificate_batch(
    db: Transaction, actor: CurrentActor, batch_id: UUID
) -> Response:
    """Approve a batch: whoever still qualifies gets a numbered certificate, all in one transaction."""
    row = await certificates.approve_certificate_batch(
        db, actor, batch_id=batch_id, new_code=passwords.new_verification_code, now=now()
    )
    return answer(row)


@router.post(
    "/certificate-batches/{batch_id}/return",
    operation_id="return_certificate_batch",
    response_model=CertificateBatchView,
)
async def return_certificate_batch(
    db: Transaction, actor: CurrentActor, batch_id: UUID, opinion: CertificateBatchOpinion
) -> Response:
    """Return a batch, with the reason."""
    row = await certificates.return_certificate_batch(
        db, actor, batch_id=batch_id, opinion=opinion, now=now()
    )
    return answer(row)


@router.post(
    "/certificate-batches/{batch_id}/withdraw",
    operation_id="withdraw_certificate_batch",
    response_model=CertificateBatchView,
)
async def withdraw_certificate_batch(
    db: Transaction, actor: CurrentActor, batch_id: UUID
) -> Response:
    """Withdraw a batch that one drew up oneself, while it waits."""
    row = await certificates.withdraw_certificate_batch(db, actor, batch_id=batch_id, now=now())
    return answer(row)
