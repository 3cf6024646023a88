"""Batches for the province over REST."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import (
    Fields,
    PageOf,
    Streamed,
    answer_created,
    answer_one,
    answer_page,
    is_known,
)
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.exchange import batches
from app.domain.exchange.batches import BatchView, ContentFormat, NewBatch
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

router = APIRouter(prefix="/province/batches", tags=["exchange"], route_class=Route)

_MEDIA = {
    ContentFormat.JSONL: "application/jsonl",
    ContentFormat.CSV: "text/csv; charset=utf-8; header=present",
}


@router.get("", operation_id="list_batches", response_model=PageOf[BatchView])
async def list_batches(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The batches that may be fetched, in the order of their making (`created`)."""
    return answer_page(request, await batches.list_batches(db, actor, page=page), fields)


@router.post("", operation_id="create_batch", response_model=BatchView, status_code=201)
async def create_batch(db: Transaction, actor: CurrentActor, new: NewBatch) -> Response:
    """Close a batch: of a period, or of every entry of the city that no batch holds yet."""
    row = await batches.create_batch(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/province/batches/{row['id']}")


@router.get("/{batch_id}", operation_id="get_batch", response_model=BatchView)
async def get_batch(request: Request, db: Reading, actor: CurrentActor, batch_id: UUID) -> Response:
    """The manifest of one batch: its counts, sums and checksums."""
    return answer_one(request, await batches.get_batch(db, actor, batch_id=batch_id))


@router.get(
    "/{batch_id}/content",
    operation_id="get_batch_content",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "批次内容 / the entries of the batch, one a line",
            "content": {"application/jsonl": {}, "text/csv": {}},
        }
    },
)
async def get_batch_content(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    batch_id: UUID,
    written_as: Annotated[
        ContentFormat, Query(alias="format", description="格式 / jsonl or csv")
    ] = ContentFormat.JSONL,
) -> Response:
    """The entries of a batch, streamed: the same bytes each time, with their checksum in front."""
    batch = await batches.get_batch(db, actor, batch_id=batch_id)
    checksum = batch[f"sha256_{written_as}"]
    tag = f'"{checksum}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(checksum)).decode()}:",
        "X-Entries": str(batch["entries"]),
        "Content-Disposition": f'attachment; filename="batch-{batch["number"]:06}.{written_as}"',
    }
    if is_known(request, tag):
        return Response(None, 304, headers)
    pieces = _pieces(resources(request), actor, batch_id, written_as)
    return Streamed(pieces, headers, _MEDIA[written_as])


async def _pieces(
    held: Resources, actor: Actor, batch_id: UUID, written_as: ContentFormat
) -> AsyncGenerator[bytes]:
    """The content, read on a connection of its own for as long as the client takes it."""
    async with held.pool.transaction(read_only=True, wall=wall_of(actor)) as db:
        async for piece in batches.stream_batch(
            db, actor, batch_id=batch_id, written_as=written_as
        ):
            yield piece
