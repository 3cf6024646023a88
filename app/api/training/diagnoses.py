"""Diagnoses of school-based training over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.base import civil_date
from app.domain.training import diagnoses
from app.domain.training.diagnoses import (
    DiagnosisAnswer,
    DiagnosisDue,
    DiagnosisView,
    NewDiagnosis,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get("/diagnoses", operation_id="list_diagnoses", response_model=PageOf[DiagnosisView])
async def list_diagnoses(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    unit_id: Annotated[UUID | None, Query(description="被诊断单位 / unit")] = None,
    by_unit_id: Annotated[UUID | None, Query(description="诊断方 / bureau behind it")] = None,
    answered: Annotated[bool | None, Query(description="是否已答复 / answered or not")] = None,
    due_before: Annotated[
        date | None, Query(description="下次诊断早于该日 / next one due before this day")
    ] = None,
) -> Response:
    """The diagnoses that the actor may see, by day (`diagnosed_on`, `created`)."""
    found = await diagnoses.list_diagnoses(
        db, actor, page=page, unit_id=unit_id, by_unit_id=by_unit_id, answered=answered,
        due_before=due_before,
    )  # fmt: skip
    await include.into("Diagnosis", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/units/{unit_id}/diagnoses",
    operation_id="record_diagnosis",
    response_model=DiagnosisView,
    status_code=201,
)
async def record_diagnosis(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewDiagnosis
) -> Response:
    """Record the diagnosis of a school, or of the training of a whole county or city."""
    row = await diagnoses.record_diagnosis(db, actor, unit_id=unit_id, new=new, now=now())
    return answer_created(row, f"/api/v1/diagnoses/{row['id']}")


@router.get("/diagnoses/{diagnosis_id}", operation_id="get_diagnosis", response_model=DiagnosisView)
async def get_diagnosis(
    request: Request, db: Reading, actor: CurrentActor, diagnosis_id: UUID, include: Include
) -> Response:
    """One diagnosis, what it rests on, and what was answered."""
    row = await diagnoses.get_diagnosis(db, actor, diagnosis_id=diagnosis_id)
    await include.into("Diagnosis", [row])
    return answer_one(request, row)


@router.post(
    "/diagnoses/{diagnosis_id}/answer",
    operation_id="answer_diagnosis",
    response_model=DiagnosisView,
)
async def answer_diagnosis(
    db: Transaction, actor: CurrentActor, diagnosis_id: UUID, reply: DiagnosisAnswer
) -> Response:
    """Answer for the diagnosed unit, once, with what it will do and by when."""
    row = await diagnoses.answer_diagnosis(
        db, actor, diagnosis_id=diagnosis_id, reply=reply, now=now()
    )
    return answer(row)


@router.get(
    "/units/{unit_id}/diagnosis-dues",
    operation_id="list_diagnosis_dues",
    response_model=list[DiagnosisDue],
)
async def list_diagnosis_dues(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """Each open school of a unit: when it was last diagnosed, and whether it is due."""
    today = civil_date(now())
    return answer(await diagnoses.list_diagnosis_dues(db, actor, unit_id=unit_id, today=today))
