"""Recognition of activities over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.credits import recognition
from app.domain.credits.recognition import RecognitionView
from app.request import CurrentActor, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.post(
    "/activities/{activity_id}/recognition",
    operation_id="recognise_activity",
    response_model=RecognitionView,
)
async def recognise_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Enter what a closed activity earned; asking again enters nothing twice."""
    row = await recognition.recognise_activity(db, actor, activity_id=activity_id, now=now())
    return answer(row)
