"""Challenges of the province over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.exchange import challenges
from app.domain.exchange.challenges import (
    ChallengeAnswer,
    ChallengeState,
    ChallengeView,
    NewChallenge,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(prefix="/province/challenges", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_challenges", response_model=PageOf[ChallengeView])
async def list_challenges(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    state: Annotated[ChallengeState | None, Query(description="状态 / state")] = None,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
) -> Response:
    """The challenges in the actor's place, the first due first (`due_on`, or `created`)."""
    found = await challenges.list_challenges(
        db, actor, page=page, state=state, teacher_id=teacher_id
    )
    return answer_page(request, found, fields)


@router.post("", operation_id="raise_challenge", response_model=ChallengeView, status_code=201)
async def raise_challenge(db: Transaction, actor: CurrentActor, new: NewChallenge) -> Response:
    """Doubt one record, with a day by which an answer is wanted; for the province alone."""
    row = await challenges.raise_challenge(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/province/challenges/{row['id']}")


@router.get("/{challenge_id}", operation_id="get_challenge", response_model=ChallengeView)
async def get_challenge(
    request: Request, db: Reading, actor: CurrentActor, challenge_id: UUID
) -> Response:
    """One challenge with its answer."""
    row = await challenges.get_challenge(db, actor, challenge_id=challenge_id)
    return answer_one(request, row)


@router.post(
    "/{challenge_id}/answer", operation_id="answer_challenge", response_model=ChallengeView
)
async def answer_challenge(
    db: Transaction, actor: CurrentActor, challenge_id: UUID, given: ChallengeAnswer
) -> Response:
    """Say what was found, and why; for the bureau in charge."""
    row = await challenges.answer_challenge(
        db, actor, challenge_id=challenge_id, answer=given, now=now()
    )
    return answer(row)


@router.post("/{challenge_id}/close", operation_id="close_challenge", response_model=ChallengeView)
async def close_challenge(db: Transaction, actor: CurrentActor, challenge_id: UUID) -> Response:
    """The province is content, or takes it back."""
    row = await challenges.close_challenge(db, actor, challenge_id=challenge_id, now=now())
    return answer(row)
