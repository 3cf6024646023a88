"""Occurrences of sessions over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.training import occurrences
from app.domain.training.occurrences import OccurrenceView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/occurrences",
    operation_id="list_occurrences",
    response_model=list[OccurrenceView],
)
async def list_occurrences(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """The sessions of an activity that take place several times, with what is taken of each."""
    return answer(await occurrences.list_occurrences(db, actor, activity_id=activity_id))


@router.post(
    "/sessions/{session_id}/choose",
    operation_id="choose_occurrence",
    response_model=list[OccurrenceView],
)
async def choose_occurrence(db: Transaction, actor: CurrentActor, session_id: UUID) -> Response:
    """Choose which occurrence of a session to attend; the activity's occurrences as they then are."""
    return answer(await occurrences.choose_occurrence(db, actor, session_id=session_id, now=now()))
