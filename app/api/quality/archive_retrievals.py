"""Looking into archives over REST: who does and why, then the bundle."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import (
    Fields,
    PageOf,
    Streamed,
    answer,
    answer_page,
    resumed,
    saved_as,
)
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.quality import archive_retrievals
from app.domain.quality.archive_retrievals import ArchiveRetrievalView, NewArchiveRetrieval
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Resources,
    Route,
    Transaction,
    now,
    resources,
)

router = APIRouter(tags=["quality"], route_class=Route)

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "/archive-retrievals",
    operation_id="list_archive_retrievals",
    response_model=PageOf[ArchiveRetrievalView],
)
async def list_archive_retrievals(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    volume_id: Annotated[UUID | None, Query(description="案卷 / volume")] = None,
) -> Response:
    """Who looked into the volumes of the actor's place, and into one's own (`created`)."""
    found = await archive_retrievals.list_archive_retrievals(
        db, actor, page=page, volume_id=volume_id
    )
    return answer_page(request, found, fields)


@router.post(
    "/archive-volumes/{volume_id}/retrievals",
    operation_id="create_archive_retrieval",
    response_model=ArchiveRetrievalView,
    status_code=201,
)
async def create_archive_retrieval(
    db: Transaction, actor: CurrentActor, volume_id: UUID, new: NewArchiveRetrieval
) -> Response:
    """Look into a volume, and say why; the bundle can be fetched for a day."""
    row = await archive_retrievals.create_archive_retrieval(
        db, actor, volume_id=volume_id, new=new, now=now()
    )
    return answer(row, 201)


@router.get(
    "/archive-retrievals/{retrieval_id}/bundle",
    operation_id="get_archive_bundle",
    response_class=StreamingResponse,
    responses=_ZIP,
)
async def get_archive_bundle(request: Request, actor: CurrentActor, retrieval_id: UUID) -> Response:
    """The volume as a ZIP: seal, index and pieces in PDF, files; only for who retrieved it."""
    pieces = _pieces(resources(request), actor, retrieval_id)
    first = await anext(pieces)
    headers = {
        "Content-Disposition": saved_as(f"archive-{retrieval_id}.zip"),
        "Cache-Control": "private, no-store",
    }
    return Streamed(resumed(first, pieces), headers, "application/zip")


async def _pieces(held: Resources, actor: Actor, retrieval_id: UUID) -> AsyncGenerator[bytes]:
    """The bundle, read on a connection of its own for as long as the client takes it."""
    async with held.pool.transaction(read_only=True, wall=wall_of(actor)) as db:
        async for piece in archive_retrievals.stream_archive_bundle(
            db, actor, retrieval_id=retrieval_id, press=held.press, now=now()
        ):
            yield piece
