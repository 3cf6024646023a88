"""Signed heads of the ledger over REST, and the keys with which anybody verifies them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.credits import ledger_heads
from app.domain.credits.ledger_heads import LedgerHeadView
from app.request import CurrentActor, PageParameters, Reading, Route, resources

router = APIRouter(tags=["credits"], route_class=Route)
keys_router = APIRouter(tags=["credits"])


@router.get(
    "/ledger-heads", operation_id="list_ledger_heads", response_model=PageOf[LedgerHeadView]
)
async def list_ledger_heads(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    day: Annotated[date | None, Query(description="签署日 / the day of signing")] = None,
) -> Response:
    """The heads of the city in which one is, by `day` or `number`: keep one, and nobody forges before it."""
    found = await ledger_heads.list_ledger_heads(db, actor, page=page, day=day)
    return answer_page(request, found, fields)


@router.get(
    "/ledger-heads/{ledger_head_id}",
    operation_id="get_ledger_head",
    response_model=LedgerHeadView,
)
async def get_ledger_head(
    request: Request, db: Reading, actor: CurrentActor, ledger_head_id: UUID
) -> Response:
    """One signed head."""
    found = await ledger_heads.get_ledger_head(db, actor, ledger_head_id=ledger_head_id)
    return answer_one(request, found)


@keys_router.get(
    "/.well-known/ledger-keys.json",
    operation_id="get_ledger_keys",
    response_model=dict[str, list[dict[str, str]]],
)
async def get_ledger_keys(request: Request) -> Response:
    """The public keys of all heads that were ever signed here (RFC 7517): for whoever verifies one."""
    async with resources(request).pool.connection() as db:
        keys: list[dict[str, Any]] = await ledger_heads.read_ledger_keys(db)
    return answer({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})
