"""Doubts about attendance over REST: looked at, and dismissed or confirmed with an opinion."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.training import doubts
from app.domain.training.doubts import DoubtKind, DoubtOpinion, DoubtState, DoubtView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/attendance-doubts", tags=["training"], route_class=Route)


@router.get("", operation_id="list_doubts", response_model=PageOf[DoubtView])
async def list_doubts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: Annotated[UUID | None, Query(description="活动 / activity")] = None,
    kind: Annotated[DoubtKind | None, Query(description="疑点类型 / kind")] = None,
    state: Annotated[DoubtState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The doubts about activities in the actor's place, the first found first (`found`)."""
    found = await doubts.list_doubts(
        db, actor, page=page, activity_id=activity_id, kind=kind, state=state
    )
    return answer_page(request, found, fields)


@router.get("/{doubt_id}", operation_id="get_doubt", response_model=DoubtView)
async def get_doubt(request: Request, db: Reading, actor: CurrentActor, doubt_id: UUID) -> Response:
    """One doubt, with its figures and whom it concerns."""
    return answer_one(request, await doubts.get_doubt(db, actor, doubt_id=doubt_id))


@router.post("/{doubt_id}/dismiss", operation_id="dismiss_doubt", response_model=DoubtView)
async def dismiss_doubt(
    db: Transaction, actor: CurrentActor, doubt_id: UUID, decision: DoubtOpinion
) -> Response:
    """Find that everything was as it should be, and say what explains it."""
    return answer(
        await doubts.dismiss_doubt(db, actor, doubt_id=doubt_id, decision=decision, now=now())
    )


@router.post("/{doubt_id}/confirm", operation_id="confirm_doubt", response_model=DoubtView)
async def confirm_doubt(
    db: Transaction, actor: CurrentActor, doubt_id: UUID, decision: DoubtOpinion
) -> Response:
    """Find that something was wrong, and say what; nothing else changes by itself."""
    return answer(
        await doubts.confirm_doubt(db, actor, doubt_id=doubt_id, decision=decision, now=now())
    )
