"""Tours of trainers over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import trainer_tours
from app.domain.learning.trainer_tours import NewTrainerTour, TrainerTourEnd, TrainerTourView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/trainer-tours", operation_id="list_trainer_tours", response_model=PageOf[TrainerTourView]
)
async def list_trainer_tours(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    trainer_id: Annotated[UUID | None, Query(description="导师 / trainer")] = None,
    to_county_id: Annotated[UUID | None, Query(description="借入县 / county to which")] = None,
    as_of: Annotated[date | None, Query(description="日期 / under way on that day")] = None,
) -> Response:
    """One's own tours, and those from and to counties of one's place, by first day."""
    found = await trainer_tours.list_trainer_tours(
        db, actor, page=page, trainer_id=trainer_id, to_county_id=to_county_id, as_of=as_of
    )
    await include.into("TrainerTour", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/trainer-tours/{tour_id}", operation_id="get_trainer_tour", response_model=TrainerTourView
)
async def get_trainer_tour(
    request: Request, db: Reading, actor: CurrentActor, tour_id: UUID, include: Include
) -> Response:
    """One tour."""
    row = await trainer_tours.get_trainer_tour(db, actor, tour_id=tour_id)
    await include.into("TrainerTour", [row])
    return answer_one(request, row)


@router.post(
    "/trainers/{trainer_id}/tours",
    operation_id="lend_trainer",
    response_model=TrainerTourView,
    status_code=201,
)
async def lend_trainer(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, new: NewTrainerTour
) -> Response:
    """Lend a trainer to another county for a term."""
    row = await trainer_tours.lend_trainer(db, actor, trainer_id=trainer_id, new=new, now=now())
    return answer_created(row, f"/api/v1/trainer-tours/{row['id']}")


@router.post(
    "/trainer-tours/{tour_id}/end", operation_id="end_trainer_tour", response_model=TrainerTourView
)
async def end_trainer_tour(
    db: Transaction, actor: CurrentActor, tour_id: UUID, end: TrainerTourEnd
) -> Response:
    """End a tour today, before its term."""
    return answer(
        await trainer_tours.end_trainer_tour(db, actor, tour_id=tour_id, end=end, now=now())
    )
