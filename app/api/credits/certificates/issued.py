"""Certificates over REST: what was issued, its document, its credential, and its end."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_file,
    answer_one,
    answer_page,
)
from app.domain.credits import certificates
from app.domain.credits.certificates import (
    CertificateEnd,
    CertificateKind,
    CertificateStands,
    CertificateState,
    CertificateView,
    CredentialView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.request.inclusions import Include
from app.security import passwords

router = APIRouter(tags=["credits"], route_class=Route)

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}
_Id = Annotated[UUID | None, Query(description="按标识筛选 / only of this one")]
_Kind = Annotated[CertificateKind | None, Query(description="证书类型 / kind")]


@router.get(
    "/certificates", operation_id="list_certificates", response_model=PageOf[CertificateView]
)
async def list_certificates(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    teacher_id: _Id = None,
    batch_id: _Id = None,
    kind: _Kind = None,
    state: Annotated[CertificateState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The certificates of the people in the actor's place, and one's own (`created`, `name`)."""
    found = await certificates.list_certificates(
        db, actor, page=page, teacher_id=teacher_id, batch_id=batch_id, kind=kind, state=state
    )
    await include.into("Certificate", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/certificates/{certificate_id}",
    operation_id="get_certificate",
    response_model=CertificateView,
)
async def get_certificate(
    request: Request, db: Reading, actor: CurrentActor, certificate_id: UUID, include: Include
) -> Response:
    """One certificate."""
    row = await certificates.get_certificate(db, actor, certificate_id=certificate_id)
    await include.into("Certificate", [row])
    return answer_one(request, row)


@router.get(
    "/certificates/{certificate_id}/document",
    operation_id="get_certificate_document",
    response_class=Response,
    responses=_PDF,
)
async def get_certificate_document(
    request: Request, db: Reading, actor: CurrentActor, certificate_id: UUID
) -> Response:
    """The document of a certificate that holds, in PDF/A; it is made when it is first asked for."""
    row, content = await certificates.get_certificate_document(
        db, actor, certificate_id=certificate_id, press=resources(request).press
    )
    return answer_file(content, f"{row['number']}.pdf", "application/pdf")


@router.get(
    "/certificates/{certificate_id}/credential",
    operation_id="get_certificate_credential",
    response_model=CredentialView,
)
async def get_certificate_credential(
    request: Request, db: Reading, actor: CurrentActor, certificate_id: UUID
) -> Response:
    """The certificate as an Open Badges 3.0 credential, to be verified by anybody without asking us."""
    held = resources(request)
    row = await certificates.get_certificate_credential(
        db, actor, certificate_id=certificate_id, signer=held.signer,
        issuer=held.credential_issuer,
    )  # fmt: skip
    return answer(row)


@router.post(
    "/certificates/{certificate_id}/revoke",
    operation_id="revoke_certificate",
    response_model=CertificateView,
)
async def revoke_certificate(
    db: Transaction, actor: CurrentActor, certificate_id: UUID, end: CertificateEnd
) -> Response:
    """Revoke a certificate, and say why; whoever verifies it is told that it holds no more."""
    row = await certificates.revoke_certificate(
        db, actor, certificate_id=certificate_id, end=end, now=now()
    )
    return answer(row)


@router.post(
    "/certificates/{certificate_id}/uphold",
    operation_id="uphold_certificate",
    response_model=CertificateView,
)
async def uphold_certificate(
    db: Transaction, actor: CurrentActor, certificate_id: UUID, stands: CertificateStands
) -> Response:
    """Say why a certificate stands though credit that it rests on was reversed."""
    row = await certificates.uphold_certificate(
        db, actor, certificate_id=certificate_id, stands=stands, now=now()
    )
    return answer(row)


@router.post(
    "/certificates/{certificate_id}/replace",
    operation_id="replace_certificate",
    response_model=CertificateView,
    status_code=201,
)
async def replace_certificate(
    db: Transaction, actor: CurrentActor, certificate_id: UUID, end: CertificateEnd
) -> Response:
    """Issue a certificate anew with the name of the register; the former holds no more."""
    row = await certificates.replace_certificate(
        db, actor, certificate_id=certificate_id, end=end,
        new_code=passwords.new_verification_code, now=now(),
    )  # fmt: skip
    return answer_created(row, f"/api/v1/certificates/{row['id']}")
