"""Arrivals from the province over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.exchange import arrivals
from app.domain.exchange.arrivals import (
    ArrivalDecision,
    ArrivalKind,
    ArrivalState,
    ArrivalView,
    NewArrival,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    now,
    resources,
)

router = APIRouter(prefix="/province/arrivals", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_arrivals", response_model=PageOf[ArrivalView])
async def list_arrivals(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Annotated[ArrivalKind | None, Query(description="来件类型 / kind")] = None,
    state: Annotated[ArrivalState | None, Query(description="状态 / state")] = None,
    matched: Annotated[
        bool | None, Query(description="是否匹配到教师 / whether it matched somebody")
    ] = None,
) -> Response:
    """What the province told of people in the actor's place (`received`)."""
    found = await arrivals.list_arrivals(
        db, actor, page=page, kind=kind, state=state, matched=matched
    )
    return answer_page(request, found, fields)


@router.post("", operation_id="hand_in_arrival", response_model=ArrivalView, status_code=201)
async def hand_in_arrival(
    request: Request, db: Transaction, actor: CurrentActor, new: NewArrival
) -> Response:
    """What the province itself tells of one person: how it knows them, or what they earned there."""
    row = await arrivals.hand_in_arrival(
        db, actor, new=new, cipher=resources(request).cipher, now=now()
    )
    return answer_created(row, f"/api/v1/province/arrivals/{row['id']}")


@router.get("/{arrival_id}", operation_id="get_arrival", response_model=ArrivalView)
async def get_arrival(
    request: Request, db: Reading, actor: CurrentActor, arrival_id: UUID
) -> Response:
    """One arrival."""
    return answer_one(request, await arrivals.get_arrival(db, actor, arrival_id=arrival_id))


@router.post("/{arrival_id}/settle", operation_id="settle_arrival", response_model=ArrivalView)
async def settle_arrival(
    db: Transaction, actor: CurrentActor, arrival_id: UUID, decision: ArrivalDecision
) -> Response:
    """Take an arrival or dismiss it; credit that is taken is entered as a transfer."""
    row = await arrivals.settle_arrival(
        db, actor, arrival_id=arrival_id, decision=decision, now=now()
    )
    return answer(row)
