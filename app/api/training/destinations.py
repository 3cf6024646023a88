"""Destinations of activities over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.training import destinations
from app.domain.training.destinations import DestinationView, NewDestination
from app.request import CurrentActor, Reading, Route, Transaction

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/destinations",
    operation_id="list_destinations",
    response_model=list[DestinationView],
)
async def list_destinations(db: Reading, actor: CurrentActor, activity_id: UUID) -> Response:
    """Where an activity leads."""
    return answer(await destinations.list_destinations(db, actor, activity_id=activity_id))


@router.post(
    "/activities/{activity_id}/destinations",
    operation_id="add_destination",
    response_model=DestinationView,
    status_code=201,
)
async def add_destination(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewDestination
) -> Response:
    """Add a place to an activity, with what it cost if that is known."""
    row = await destinations.add_destination(db, actor, activity_id=activity_id, new=new)
    return answer(row, 201)


@router.delete(
    "/destinations/{destination_id}",
    operation_id="remove_destination",
    response_model=DestinationView,
)
async def remove_destination(
    db: Transaction, actor: CurrentActor, destination_id: UUID
) -> Response:
    """Take a place out of an activity; the answer is what it was."""
    return answer(await destinations.remove_destination(db, actor, destination_id=destination_id))
