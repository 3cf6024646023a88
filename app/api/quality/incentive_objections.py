"""Objections to rewards over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import incentive_objections
from app.domain.quality.incentive_objections import (
    IncentiveObjectionDecision,
    IncentiveObjectionView,
    NewIncentiveObjection,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/incentive-objections",
    operation_id="list_incentive_objections",
    response_model=PageOf[IncentiveObjectionView],
)
async def list_incentive_objections(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    incentive_id: Annotated[UUID | None, Query(description="奖励 / reward")] = None,
    decided: Annotated[
        bool | None, Query(description="是否已处理 / whether it was decided")
    ] = None,
) -> Response:
    """The objections to what the actor's units show (`raised`)."""
    found = await incentive_objections.list_incentive_objections(
        db, actor, page=page, incentive_id=incentive_id, decided=decided
    )
    return answer_page(request, found, fields)


@router.get(
    "/own-incentive-objections",
    operation_id="list_own_incentive_objections",
    response_model=list[IncentiveObjectionView],
)
async def list_own_incentive_objections(db: Reading, actor: CurrentActor) -> Response:
    """What the one who asks objected to, and what was answered."""
    found = await incentive_objections.list_own_incentive_objections(db, actor)
    return answer(found)


@router.post(
    "/published-incentives/{incentive_id}/objections",
    operation_id="object_to_incentive",
    response_model=IncentiveObjectionView,
    status_code=201,
)
async def object_to_incentive(
    db: Transaction, actor: CurrentActor, incentive_id: UUID, new: NewIncentiveObjection
) -> Response:
    """Object in person to a reward that is shown to the actor."""
    found = await incentive_objections.object_to_incentive(
        db, actor, incentive_id=incentive_id, new=new, now=now()
    )
    return answer(found, 201)


@router.post(
    "/incentive-objections/{objection_id}/decide",
    operation_id="decide_incentive_objection",
    response_model=IncentiveObjectionView,
)
async def decide_incentive_objection(
    db: Transaction, actor: CurrentActor, objection_id: UUID, decision: IncentiveObjectionDecision
) -> Response:
    """Answer an objection; upheld, the reward is not given."""
    found = await incentive_objections.decide_incentive_objection(
        db, actor, objection_id=objection_id, decision=decision, now=now()
    )
    return answer(found)
