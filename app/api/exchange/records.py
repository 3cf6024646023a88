"""One's own record over REST: a copy of everything, and to whom of it was given."""

from collections.abc import AsyncGenerator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.api.answers import Fields, PageOf, Streamed, answer_page
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.domain.exchange import records
from app.domain.people.optional_data import require_oneself
from app.domain.people.provisions import ProvisionView
from app.request import CurrentActor, PageParameters, Reading, Resources, Route, now, resources

router = APIRouter(prefix="/me/record", tags=["exchange"], route_class=Route)

_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "本人档案：各数据表中与本人有关的行 / what is kept of oneself, table by table",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.get("", operation_id="get_record", response_class=StreamingResponse, responses=_CONTENT)
async def get_record(request: Request, actor: CurrentActor) -> Response:
    """Everything that is kept about oneself, as a JSON file; what is sealed is masked."""
    require_oneself(actor)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="record.json"',
    }
    return Streamed(_pieces(resources(request), actor), headers, "application/json")


async def _pieces(held: Resources, actor: Actor) -> AsyncGenerator[bytes]:
    """The record, read on a connection of its own for as long as the client takes it."""
    async with held.pool.transaction(read_only=True, wall=wall_of(actor)) as db:
        async for piece in records.stream_record(db, actor, now=now()):
            yield piece


@router.get("/provisions", operation_id="list_own_provisions", response_model=PageOf[ProvisionView])
async def list_own_provisions(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """What went to the province and to applications and concerns oneself, the latest first (`day`)."""
    return answer_page(request, await records.list_own_provisions(db, actor, page=page), fields)
