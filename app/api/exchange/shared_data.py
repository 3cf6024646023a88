"""The catalogue of shared data over REST."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.exchange import shared_data
from app.domain.exchange.shared_data import SharedDataView, SharingWay
from app.request import CurrentActor, Reading, Route

router = APIRouter(prefix="/province/catalogue", tags=["exchange"], route_class=Route)


@router.get("", operation_id="list_shared_data", response_model=list[SharedDataView])
async def list_shared_data(
    db: Reading,
    actor: CurrentActor,
    way: Annotated[SharingWay | None, Query(description="共享方式 / how it is shared")] = None,
) -> Response:
    """What is shared with the province, by which fields, on which ground; for whoever is signed in."""
    return answer(await shared_data.list_shared_data(db, actor, way=way))
