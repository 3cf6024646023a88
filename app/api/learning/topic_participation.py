"""Participation in topics over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.learning import topic_participation
from app.domain.learning.topic_participation import TopicParticipation
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/units/{unit_id}/topic-participation",
    operation_id="list_topic_participation",
    response_model=list[TopicParticipation],
)
async def list_topic_participation(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[date, Query(description="起始日 / first day of the period")],
    until: Annotated[date, Query(description="截止日（不含） / first day after it")],
) -> Response:
    """How many of all teachers take part in topics: the sum first, then each unit directly below."""
    return answer(
        await topic_participation.list_topic_participation(
            db, actor, unit_id=unit_id, since=since, until=until
        )
    )
