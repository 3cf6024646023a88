"""Objections to published schools over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import demonstration_objections
from app.domain.quality.demonstration_objections import (
    DemonstrationObjectionDecision,
    DemonstrationObjectionView,
    NewDemonstrationObjection,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/demonstration-objections",
    operation_id="list_demonstration_objections",
    response_model=PageOf[DemonstrationObjectionView],
)
async def list_demonstration_objections(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    demonstration_id: Annotated[UUID | None, Query(description="申报 / application")] = None,
    open: Annotated[bool | None, Query(description="是否待处理 / whether it waits")] = None,
) -> Response:
    """The objections to what the actor's bureau has published (`raised`)."""
    found = await demonstration_objections.list_demonstration_objections(
        db, actor, page=page, demonstration_id=demonstration_id, open=open
    )
    await include.into("DemonstrationObjection", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/me/demonstration-objections",
    operation_id="list_own_demonstration_objections",
    response_model=list[DemonstrationObjectionView],
)
async def list_own_demonstration_objections(
    db: Reading,
    actor: CurrentActor,
) -> Response:
    """What the one who asks objected to and what was answered, the last first."""
    return answer(await demonstration_objections.list_own_demonstration_objections(db, actor))


@router.post(
    "/demonstrations/{demonstration_id}/objections",
    operation_id="object_to_demonstration",
    response_model=DemonstrationObjectionView,
)
async def object_to_demonstration(
    db: Transaction,
    actor: CurrentActor,
    demonstration_id: UUID,
    new: NewDemonstrationObjection,
) -> Response:
    """Object in person to a school that is published to the actor."""
    row = await demonstration_objections.object_to_demonstration(
        db, actor, demonstration_id=demonstration_id, new=new, now=now()
    )
    return answer(row)


@router.post(
    "/demonstration-objections/{objection_id}/decision",
    operation_id="decide_demonstration_objection",
    response_model=DemonstrationObjectionView,
)
async def decide_demonstration_objection(
    db: Transaction,
    actor: CurrentActor,
    objection_id: UUID,
    decision: DemonstrationObjectionDecision,
) -> Response:
    """Decide on an objection: upheld, the application is rejected."""
    row = await demonstration_objections.decide_demonstration_objection(
        db, actor, objection_id=objection_id, decision=decision, now=now()
    )
    return answer(row)
