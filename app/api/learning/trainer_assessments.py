"""Assessments of trainers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer_created, answer_one, answer_page
from app.domain.learning import trainer_assessments
from app.domain.learning.trainer_assessments import (
    NewTrainerAssessment,
    TrainerAssessmentView,
    TrainerGrade,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/trainer-assessments",
    operation_id="list_trainer_assessments",
    response_model=PageOf[TrainerAssessmentView],
)
async def list_trainer_assessments(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    trainer_id: Annotated[UUID | None, Query(description="导师 / trainer")] = None,
    year: Annotated[int | None, Query(description="考核年度 / year")] = None,
    grade: Annotated[TrainerGrade | None, Query(description="等第 / grade")] = None,
) -> Response:
    """The assessments of oneself and of the trainers in one's place (`created`)."""
    found = await trainer_assessments.list_trainer_assessments(
        db, actor, page=page, trainer_id=trainer_id, year=year, grade=grade
    )
    await include.into("TrainerAssessment", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/trainer-assessments/{assessment_id}",
    operation_id="get_trainer_assessment",
    response_model=TrainerAssessmentView,
)
async def get_trainer_assessment(
    request: Request, db: Reading, actor: CurrentActor, assessment_id: UUID, include: Include
) -> Response:
    """One assessment."""
    row = await trainer_assessments.get_trainer_assessment(db, actor, assessment_id=assessment_id)
    await include.into("TrainerAssessment", [row])
    return answer_one(request, row)


@router.post(
    "/trainers/{trainer_id}/assessments",
    operation_id="assess_trainer",
    response_model=TrainerAssessmentView,
    status_code=201,
)
async def assess_trainer(
    db: Transaction, actor: CurrentActor, trainer_id: UUID, new: NewTrainerAssessment
) -> Response:
    """Judge an appearance or a year of a trainer; nobody judges themselves."""
    row = await trainer_assessments.assess_trainer(
        db, actor, trainer_id=trainer_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/trainer-assessments/{row['id']}")
