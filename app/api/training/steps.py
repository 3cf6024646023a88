"""Steps of activities over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.training import steps
from app.domain.training.steps import StepView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/steps", operation_id="list_steps", response_model=list[StepView]
)
async def list_steps(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """The steps of an activity's form, and how far each has come; none without a form."""
    return answer(await steps.list_steps(db, actor, activity_id=activity_id, now=now()))
