"""Hires of trainers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.learning import trainer_hires
from app.domain.learning.trainer_hires import NewTrainerHire, TrainerHireView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/trainer-hires", operation_id="list_trainer_hires", response_model=PageOf[TrainerHireView]
)
async def list_trainer_hires(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    trainer_id: Annotated[UUID | None, Query(description="导师 / trainer")] = None,
    funds_line: Annotated[str | None, Query(description="经费来源科目 / line of funds")] = None,
    since: Annotated[date | None, Query(description="起始日 / from")] = None,
    until: Annotated[date | None, Query(description="截止日（含） / to, included")] = None,
) -> Response:
    """The hires of oneself and of the trainers in one's place, by day (`held_on`, `created`)."""
    found = await trainer_hires.list_trainer_hires(
        db, actor, page=page, trainer_id=trainer_id, funds_line=funds_line, since=since, until=until
    )
    await include.into("TrainerHire", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/trainer-hires/{hire_id}", operation_id="get_trainer_hire", response_model=TrainerHireView
)
async def get_trainer_hire(
    request: Request, db: Reading, actor: CurrentActor, hire_id: UUID, include: Include
) -> Response:
    """One hire."""
    row = await trainer_hires.get_trainer_hire(db, actor, hire_id=hire_id)
    await include.into("TrainerHire", [row])
    return answer_one(request, row)


@router.post(
    "/trainers/{trainer_id}/hires",
    operation_id="hire_trainer",
    response_model=TrainerHireView,
    status_code=201,
)
async def hire_trainer(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, new: NewTrainerHire
) -> Response:
    """Record for what, at which fee and from which funds somebody is hired."""
    row = await trainer_hires.hire_trainer(db, actor, trainer_id=trainer_id, new=new, now=now())
    return answer_created(row, f"/api/v1/trainer-hires/{row['id']}")
