"""Destroying archives over REST: proposed by one, decided by another."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import archive_destructions
from app.domain.quality.archive_destructions import (
    ArchiveDestructionDecision,
    ArchiveDestructionView,
    DestructionState,
    NewArchiveDestruction,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/archive-destructions",
    operation_id="list_archive_destructions",
    response_model=PageOf[ArchiveDestructionView],
)
async def list_archive_destructions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    volume_id: Annotated[UUID | None, Query(description="案卷 / volume")] = None,
    state: Annotated[DestructionState | None, Query(description="状态 / state")] = None,
) -> Response:
    """What was proposed in the actor's place, and decided (`created`)."""
    found = await archive_destructions.list_archive_destructions(
        db, actor, page=page, volume_id=volume_id, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "/archive-volumes/{volume_id}/destructions",
    operation_id="propose_archive_destruction",
    response_model=ArchiveDestructionView,
    status_code=201,
)
async def propose_archive_destruction(
    db: Transaction, actor: CurrentActor, volume_id: UUID, new: NewArchiveDestruction
) -> Response:
    """Propose to destroy a volume whose retention is over."""
    row = await archive_destructions.propose_archive_destruction(
        db, actor, volume_id=volume_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/archive-destructions/{destruction_id}/decide",
    operation_id="decide_archive_destruction",
    response_model=ArchiveDestructionView,
)
async def decide_archive_destruction(
    db: Transaction,
    actor: CurrentActor,
    destruction_id: UUID,
    decision: ArchiveDestructionDecision,
) -> Response:
    """Agree, or have the volume kept on; never who proposed it."""
    row = await archive_destructions.decide_archive_destruction(
        db, actor, destruction_id=destruction_id, decision=decision, now=now()
    )
    return answer(row)
