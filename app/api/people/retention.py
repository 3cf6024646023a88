"""How long personal data are kept, over REST."""

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.people import retention
from app.domain.people.retention import RetentionPeriod
from app.request import CurrentActor, Reading, Route

router = APIRouter(prefix="/privacy", tags=["people"], route_class=Route)


@router.get(
    "/retention", operation_id="list_retention_periods", response_model=list[RetentionPeriod]
)
async def list_retention_periods(db: Reading, actor: CurrentActor) -> Response:
    """How long each kind of data is kept, from when on, and on which ground."""
    return answer(await retention.list_retention_periods(db, actor))
