"""Load and study of trainers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.learning import trainer_load
from app.domain.learning.trainer_load import TrainerLoadView, TrainerStudyView
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/units/{unit_id}/trainer-load",
    operation_id="list_trainer_load",
    response_model=list[TrainerLoadView],
)
async def list_trainer_load(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[date, Query(description="起始日 / from")],
    until: Annotated[date, Query(description="截止日（含） / to, included")],
) -> Response:
    """How much was asked of each trainer in the library of a unit, the most first."""
    return answer(
        await trainer_load.list_trainer_load(db, actor, unit_id=unit_id, since=since, until=until)
    )


@router.get(
    "/trainers/{trainer_id}/study",
    operation_id="get_trainer_study",
    response_model=TrainerStudyView,
)
async def get_trainer_study(
    db: Reading,
    actor: CurrentActor,
    trainer_id: UUID,
    year: Annotated[int, Query(ge=2000, le=2999, description="年度（自然年） / calendar year")],
) -> Response:
    """What a trainer studied in a calendar year, and how much of 72 hours is missing."""
    return answer(await trainer_load.get_trainer_study(db, actor, trainer_id=trainer_id, year=year))
