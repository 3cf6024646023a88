"""Appearances of trainers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_page
from app.domain.learning import trainer_appearances
from app.domain.learning.trainer_appearances import TrainerAppearanceView
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/trainers/{trainer_id}/appearances",
    operation_id="list_trainer_appearances",
    response_model=PageOf[TrainerAppearanceView],
)
async def list_trainer_appearances(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    trainer_id: UUID,
    page: PageParameters,
    fields: Fields,
    since: Annotated[date | None, Query(description="起始日 / from")] = None,
    until: Annotated[date | None, Query(description="截止日（含） / to, included")] = None,
) -> Response:
    """What a trainer has carried or is to carry, by first day (`starts_on`, `created`)."""
    found = await trainer_appearances.list_trainer_appearances(
        db, actor, trainer_id=trainer_id, page=page, since=since, until=until
    )
    return answer_page(request, found, fields)
