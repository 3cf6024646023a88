"""Growth files from elsewhere over REST: whose are taken in, and what came."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import arrived_growth_files
from app.domain.quality.arrived_growth_files import (
    ArrivedGrowthFileView,
    ArrivedPieceView,
    GrowthIssuerView,
    NewArrivedGrowthFile,
    NewGrowthIssuer,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.security.tokens import open_signed

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/growth-issuers", operation_id="list_growth_issuers", response_model=PageOf[GrowthIssuerView]
)
async def list_growth_issuers(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """Whose records the actor's city takes in, and did (`created`)."""
    found = await arrived_growth_files.list_growth_issuers(db, actor, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/growth-issuers",
    operation_id="trust_growth_issuer",
    response_model=GrowthIssuerView,
    status_code=201,
)
async def trust_growth_issuer(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewGrowthIssuer
) -> Response:
    """Take in what this issuer signs; its keys were compared with their owner before."""
    row = await arrived_growth_files.trust_growth_issuer(
        db, actor, unit_id=unit_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/growth-issuers/{issuer_id}/end",
    operation_id="end_growth_issuer",
    response_model=GrowthIssuerView,
)
async def end_growth_issuer(db: Transaction, actor: CurrentActor, issuer_id: UUID) -> Response:
    """Take nothing in any more from an issuer."""
    row = await arrived_growth_files.end_growth_issuer(db, actor, issuer_id=issuer_id, now=now())
    return answer(row)


@router.get(
    "/arrived-growth-files",
    operation_id="list_arrived_growth_files",
    response_model=PageOf[ArrivedGrowthFileView],
)
async def list_arrived_growth_files(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
) -> Response:
    """The records that arrived for people in the actor's place, and for oneself (`created`)."""
    found = await arrived_growth_files.list_arrived_growth_files(
        db, actor, page=page, teacher_id=teacher_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/arrived-growth-files/{arrival_id}",
    operation_id="get_arrived_growth_file",
    response_model=ArrivedGrowthFileView,
)
async def get_arrived_growth_file(db: Reading, actor: CurrentActor, arrival_id: UUID) -> Response:
    """One record that arrived."""
    row = await arrived_growth_files.get_arrived_growth_file(db, actor, arrival_id=arrival_id)
    return answer(row)


@router.get(
    "/arrived-growth-files/{arrival_id}/pieces",
    operation_id="list_arrived_pieces",
    response_model=list[ArrivedPieceView],
)
async def list_arrived_pieces(db: Reading, actor: CurrentActor, arrival_id: UUID) -> Response:
    """What a foreign record says, piece by piece."""
    return answer(await arrived_growth_files.list_arrived_pieces(db, actor, arrival_id=arrival_id))


@router.post(
    "/teachers/{teacher_id}/arrived-growth-files",
    operation_id="take_in_growth_file",
    response_model=ArrivedGrowthFileView,
    status_code=201,
)
async def take_in_growth_file(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    teacher_id: UUID,
    new: NewArrivedGrowthFile,
) -> Response:
    """Keep a signed record of another city beside a teacher; nothing of it counts by itself."""
    row = await arrived_growth_files.take_in_growth_file(
        db, actor, teacher_id=teacher_id, new=new, archive=resources(request).archive,
        opens=open_signed, now=now(),
    )  # fmt: skip
    return answer(row, 201)
