"""Holding an activity again, over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer_created
from app.domain.training import repeating
from app.domain.training.activities import ActivityView
from app.domain.training.repeating import Repetition
from app.request import CurrentActor, Route, Transaction

router = APIRouter(tags=["training"], route_class=Route)


@router.post(
    "/activities/{activity_id}/repeat",
    operation_id="repeat_activity",
    response_model=ActivityView,
    status_code=201,
)
async def repeat_activity(
    db: Transaction, actor: CurrentActor, activity_id: UUID, repetition: Repetition
) -> Response:
    """Draft an activity again on other days, with its sessions, staff, audience and form."""
    row = await repeating.repeat_activity(db, actor, activity_id=activity_id, repetition=repetition)
    return answer_created(row, f"/api/v1/activities/{row['id']}")
