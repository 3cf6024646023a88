"""Doubts about learning over REST: looked at, and dismissed or confirmed with an opinion."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.learning import learning_doubts
from app.domain.learning.learning_doubts import (
    LearningDoubtKind,
    LearningDoubtOpinion,
    LearningDoubtState,
    LearningDoubtView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/learning-doubts", tags=["learning"], route_class=Route)


@router.get("", operation_id="list_learning_doubts", response_model=PageOf[LearningDoubtView])
async def list_learning_doubts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / class")] = None,
    kind: Annotated[LearningDoubtKind | None, Query(description="疑点类型 / kind")] = None,
    state: Annotated[LearningDoubtState | None, Query(description="状态 / state")] = None,
) -> Response:
    """The doubts about learning in classes in the actor's place, the first found first (`found`)."""
    found = await learning_doubts.list_learning_doubts(
        db, actor, page=page, activity_id=activity_id, kind=kind, state=state
    )
    return answer_page(request, found, fields)


@router.get("/{doubt_id}", operation_id="get_learning_doubt", response_model=LearningDoubtView)
async def get_learning_doubt(
    request: Request, db: Reading, actor: CurrentActor, doubt_id: UUID
) -> Response:
    """One doubt, with its figures and the records that it rests on."""
    found = await learning_doubts.get_learning_doubt(db, actor, doubt_id=doubt_id)
    return answer_one(request, found)


@router.post(
    "/{doubt_id}/dismiss", operation_id="dismiss_learning_doubt", response_model=LearningDoubtView
)
async def dismiss_learning_doubt(
    db: Transaction, actor: CurrentActor, doubt_id: UUID, decision: LearningDoubtOpinion
) -> Response:
    """Find that everything was as it should be: the records count from then on."""
    return answer(
        await learning_doubts.dismiss_learning_doubt(
            db, actor, doubt_id=doubt_id, decision=decision, now=now()
        )
    )


@router.post(
    "/{doubt_id}/confirm", operation_id="confirm_learning_doubt", response_model=LearningDoubtView
)
async def confirm_learning_doubt(
    db: Transaction, actor: CurrentActor, doubt_id: UUID, decision: LearningDoubtOpinion
) -> Response:
    """Find that something was wrong: the records never count."""
    return answer(
        await learning_doubts.confirm_learning_doubt(
            db, actor, doubt_id=doubt_id, decision=decision, now=now()
        )
    )
