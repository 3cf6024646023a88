"""Research totals over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import (
    answer,
)
from app.domain.learning import research_totals
from app.domain.learning.research_totals import NewTopicTarget, ResearchTotal, TopicTargetView
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/units/{unit_id}/research-totals",
    operation_id="list_research_totals",
    response_model=list[ResearchTotal],
)
async def list_research_totals(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[date, Query(description="起始日 / first day of the period")],
    until: Annotated[date, Query(description="截止日（不含） / first day after it")],
) -> Response:
    """What a unit and those below it have of topics and outputs in a period, the sum first."""
    return answer(
        await research_totals.list_research_totals(
            db, actor, unit_id=unit_id, since=since, until=until
        )
    )


@router.get(
    "/units/{unit_id}/topic-targets",
    operation_id="list_topic_targets",
    response_model=list[TopicTargetView],
)
async def list_topic_targets(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """What a unit set out to have of topics, year by year, and what it has."""
    return answer(await research_totals.list_topic_targets(db, actor, unit_id=unit_id))


@router.put(
    "/units/{unit_id}/topic-targets",
    operation_id="set_topic_target",
    response_model=list[TopicTargetView],
)
async def set_topic_target(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewTopicTarget
) -> Response:
    """Set out how many topics of a level a unit means to have in a year."""
    return answer(
        await research_totals.set_topic_target(db, actor, unit_id=unit_id, new=new, now=now())
    )
