"""Trainees in cohorts over REST, and how many there are."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_page
from app.domain.people import cohort_trainees
from app.domain.people.cohort_trainees import (
    CohortTraineeView,
    NewCohortTrainee,
    TraineeCompletion,
    TraineeCountView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["people"], route_class=Route)


@router.get(
    "/cohorts/{cohort_id}/participations",
    operation_id="list_cohort_trainees",
    response_model=PageOf[CohortTraineeView],
)
async def list_cohort_trainees(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    cohort_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """The trainees of a cohort that one runs (`created`, `name`)."""
    found = await cohort_trainees.list_cohort_trainees(db, actor, cohort_id=cohort_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/cohorts/{cohort_id}/participations",
    operation_id="enter_cohort_trainee",
    response_model=CohortTraineeView,
    status_code=201,
)
async def enter_cohort_trainee(
    db: Transaction, actor: CurrentActor, cohort_id: UUID, new: NewCohortTrainee
) -> Response:
    """Enter a trainee into a cohort, if there is a place."""
    row = await cohort_trainees.enter_cohort_trainee(
        db, actor, cohort_id=cohort_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/cohorts/{cohort_id}/participations")


@router.post(
    "/cohort-trainees/{part_id}/complete",
    operation_id="complete_cohort_trainee",
    response_model=CohortTraineeView,
)
async def complete_cohort_trainee(
    db: Transaction, actor: CurrentActor, part_id: UUID, completion: TraineeCompletion
) -> Response:
    """Say that a trainee has completed the cohort."""
    row = await cohort_trainees.complete_cohort_trainee(
        db, actor, part_id=part_id, completion=completion, now=now()
    )
    return answer(row)


@router.get(
    "/units/{unit_id}/trainee-counts",
    operation_id="list_trainee_counts",
    response_model=list[TraineeCountView],
)
async def list_trainee_counts(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="年度 / year")] = None,
) -> Response:
    """How many trainees took part in the cohorts of a unit and below: people, and how often."""
    return answer(await cohort_trainees.list_trainee_counts(db, actor, unit_id=unit_id, year=year))
