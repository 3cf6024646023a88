"""What anybody may ask about certificates over REST: whether one holds, and by which keys it is signed."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.api.answers import answer, is_known, tag_of
from app.domain.credits import certificates
from app.domain.credits.certificates import VerifiedCertificate
from app.request import Route, now, resources
from app.request.signing_in import count_try

router = APIRouter(tags=["credits"], route_class=Route)

_LISTED_FOR = timedelta(minutes=5)
"""For so long a list of what was revoked may be kept by others."""
_JWT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/vc+jwt": {"schema": {"type": "string"}}}}
}


@router.get(
    "/api/v1/verify/{code}",
    operation_id="verify_certificate",
    response_model=VerifiedCertificate,
)
async def verify_certificate(
    request: Request,
    code: Annotated[str, Path(max_length=60, description="查验码 / code printed on it")],
) -> Response:
    """What a certificate says, and whether it holds; for anybody who has its code."""
    held = resources(request)
    async with held.pool.connection() as db:
        await count_try(held, db, request.scope, what="verify")
        row = await certificates.verify_certificate(db, code=code)
    return answer(row, headers={"Cache-Control": "no-store"})


@router.get(
    "/credentials/status/{city_id}/{year}",
    operation_id="get_credential_status_list",
    response_class=Response,
    responses=_JWT,
)
async def get_credential_status_list(
    request: Request, city_id: UUID, year: Annotated[int, Path(ge=2000, le=2999)]
) -> Response:
    """Which certificates of a city and a year hold no more: a signed Bitstring Status List."""
    held = resources(request)
    async with held.pool.connection() as db:
        token = await certificates.sign_status_list(
            db, city_id=city_id, year=year, signer=held.signer,
            issuer=held.credential_issuer, at=_begun(now()),
        )  # fmt: skip
    tag = tag_of(token.encode())
    seconds = int(_LISTED_FOR.total_seconds())
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={seconds}"}
    if is_known(request, tag):
        return Response(None, 304, headers)
    return Response(token, headers=headers, media_type="application/vc+jwt")


def _begun(moment: datetime) -> datetime:
    """When the period began in which a list is signed once, so that it can be kept."""
    return moment - timedelta(seconds=moment.timestamp() % _LISTED_FOR.total_seconds())


@router.get(
    "/.well-known/did.json", operation_id="get_credential_issuer", response_model=dict[str, Any]
)
@router.get("/did.json", include_in_schema=False)
async def get_credential_issuer(request: Request) -> Response:
    """The keys by which credentials are verified (did:web, DID Core)."""
    held = resources(request)
    document = certificates.issuer_document(held.signer, held.credential_issuer)
    return answer(document, headers={"Cache-Control": "public, max-age=300"})
