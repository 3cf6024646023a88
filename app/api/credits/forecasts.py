"""Forecasts over REST."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import answer_one
from app.domain.credits import forecasts
from app.domain.credits.forecasts import ForecastView
from app.request import CurrentActor, Reading, Route, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/forecast", operation_id="get_forecast", response_model=ForecastView
)
async def get_forecast(
    request: Request, db: Reading, actor: CurrentActor, teacher_id: UUID
) -> Response:
    """What will be met by the cycle's end on the present course, and what on offer closes the gap."""
    row = await forecasts.get_forecast(db, actor, teacher_id=teacher_id, now=now())
    return answer_one(request, row)
