"""Records that may be of one person, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.people import duplicates
from app.domain.people.duplicates import (
    MOST_DUPLICATES,
    DistinctPeopleView,
    DuplicateView,
    NewDistinctPeople,
)
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["people"], route_class=Route)


@router.get(
    "/units/{unit_id}/duplicates",
    operation_id="list_duplicates",
    response_model=list[DuplicateView],
)
async def list_duplicates(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    limit: Annotated[
        int, Query(ge=1, le=MOST_DUPLICATES, description="最多对数 / how many pairs")
    ] = 50,
) -> Response:
    """Records of a unit's teachers that may be of one person, those with most reasons first."""
    return answer(await duplicates.list_duplicates(db, actor, unit_id=unit_id, limit=limit))


@router.post(
    "/teachers/{teacher_id}/distinct-people",
    operation_id="declare_distinct_people",
    response_model=DistinctPeopleView,
    status_code=201,
)
async def declare_distinct_people(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewDistinctPeople
) -> Response:
    """Say of two teachers that they are two people; they are not shown as duplicates again."""
    row = await duplicates.declare_distinct_people(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer(row, 201)
