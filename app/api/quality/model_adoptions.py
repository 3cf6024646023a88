"""Adoptions of model cases over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import model_adoptions
from app.domain.quality.model_adoptions import (
    AdoptionActivityChoice,
    ModelAdoptionCountView,
    ModelAdoptionEnd,
    ModelAdoptionReport,
    ModelAdoptionView,
    NewModelAdoption,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/model-adoptions",
    operation_id="list_model_adoptions",
    response_model=PageOf[ModelAdoptionView],
)
async def list_model_adoptions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    case_id: Annotated[UUID | None, Query(description="典型案例 / case")] = None,
    unit_id: Annotated[UUID | None, Query(description="采用单位 / unit")] = None,
    in_force: Annotated[
        bool | None, Query(description="是否仍采用 / whether it still works by it")
    ] = None,
    reported: Annotated[
        bool | None, Query(description="是否已报告成效 / whether it said what came of it")
    ] = None,
) -> Response:
    """The adoptions by units in the actor's place (`created`, `report_by`)."""
    found = await model_adoptions.list_model_adoptions(
        db, actor, page=page, case_id=case_id, unit_id=unit_id, in_force=in_force, reported=reported
    )
    await include.into("ModelAdoption", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/model-adoptions/{adoption_id}",
    operation_id="get_model_adoption",
    response_model=ModelAdoptionView,
)
async def get_model_adoption(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    adoption_id: UUID,
    include: Include,
) -> Response:
    """One adoption, seen by the unit and those above it."""
    row = await model_adoptions.get_model_adoption(db, actor, adoption_id=adoption_id)
    await include.into("ModelAdoption", [row])
    return answer_one(request, row)


@router.get(
    "/units/{unit_id}/model-adoption-counts",
    operation_id="list_model_adoption_counts",
    response_model=list[ModelAdoptionCountView],
)
async def list_model_adoption_counts(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
) -> Response:
    """By how many units in and below a unit each case was adopted, by their level."""
    return answer(await model_adoptions.list_model_adoption_counts(db, actor, unit_id=unit_id))


@router.post(
    "/model-cases/{case_id}/adoptions",
    operation_id="adopt_model_case",
    response_model=ModelAdoptionView,
    status_code=201,
)
async def adopt_model_case(
    db: Transaction,
    actor: CurrentActor,
    case_id: UUID,
    new: NewModelAdoption,
) -> Response:
    """Say for a unit that it works by a case of another."""
    row = await model_adoptions.adopt_model_case(db, actor, case_id=case_id, new=new, now=now())
    return answer_created(row, f"/api/v1/model-adoptions/{row['id']}")


@router.post(
    "/model-adoptions/{adoption_id}/activities",
    operation_id="add_adoption_activity",
    response_model=ModelAdoptionView,
)
async def add_adoption_activity(
    db: Transaction,
    actor: CurrentActor,
    adoption_id: UUID,
    choice: AdoptionActivityChoice,
) -> Response:
    """Name an activity of the unit that was held by the case."""
    row = await model_adoptions.add_adoption_activity(
        db, actor, adoption_id=adoption_id, choice=choice, now=now()
    )
    return answer(row)


@router.post(
    "/model-adoptions/{adoption_id}/report",
    operation_id="report_model_adoption",
    response_model=ModelAdoptionView,
)
async def report_model_adoption(
    db: Transaction,
    actor: CurrentActor,
    adoption_id: UUID,
    said: ModelAdoptionReport,
) -> Response:
    """Say what came of an adoption; the figures are computed."""
    row = await model_adoptions.report_model_adoption(
        db, actor, adoption_id=adoption_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/model-adoptions/{adoption_id}/end",
    operation_id="end_model_adoption",
    response_model=ModelAdoptionView,
)
async def end_model_adoption(
    db: Transaction,
    actor: CurrentActor,
    adoption_id: UUID,
    end: ModelAdoptionEnd,
) -> Response:
    """Say that a unit no longer works by a case, and why."""
    row = await model_adoptions.end_model_adoption(
        db, actor, adoption_id=adoption_id, end=end, now=now()
    )
    return answer(row)
