"""Item statistics over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.learning import item_statistics
from app.domain.learning.item_statistics import ItemStatistic
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/course-tests/{test_id}/item-statistics",
    operation_id="list_item_statistics",
    response_model=list[ItemStatistic],
)
async def list_item_statistics(db: Reading, actor: CurrentActor, test_id: UUID) -> Response:
    """How each question of a test did, over marked attempts; nothing of fewer than five."""
    return answer(await item_statistics.list_item_statistics(db, actor, test_id=test_id))
