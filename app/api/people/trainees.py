"""Trainees who are no teachers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.people import trainees
from app.domain.people.trainees import NewTrainee, TraineeCategory, TraineeView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(prefix="/trainees", tags=["people"], route_class=Route)


@router.get("", operation_id="list_trainees", response_model=PageOf[TraineeView])
async def list_trainees(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="登记单位 / unit that keeps it")] = None,
    category: Annotated[TraineeCategory | None, Query(description="类别 / category")] = None,
    name: Annotated[str | None, Query(max_length=60, description="姓名 / name")] = None,
) -> Response:
    """The trainees of one's place, the first registered first (`created`, `name`)."""
    found = await trainees.list_trainees(
        db, actor, page=page, unit_id=unit_id, category=category, name=name
    )
    return answer_page(request, found, fields)


@router.post("", operation_id="register_trainee", response_model=TraineeView, status_code=201)
async def register_trainee(
    request: Request, db: Transaction, actor: CurrentActor, new: NewTrainee
) -> Response:
    """Register a trainee with a unit."""
    cipher = resources(request).cipher
    row = await trainees.register_trainee(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/trainees/{row['id']}")


@router.get("/{trainee_id}", operation_id="get_trainee", response_model=TraineeView)
async def get_trainee(
    request: Request, db: Reading, actor: CurrentActor, trainee_id: UUID
) -> Response:
    """One trainee."""
    return answer_one(request, await trainees.get_trainee(db, actor, trainee_id=trainee_id))
