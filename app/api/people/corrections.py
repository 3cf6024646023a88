"""Corrections of records over REST: asked for by the person, decided by the school or the bureau."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.people import corrections
from app.domain.people.corrections import (
    CorrectionOpinion,
    CorrectionState,
    CorrectionView,
    NewCorrection,
    TeacherCorrection,
)
from app.domain.people.teachers import TeacherView
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    now,
    resources,
)

router = APIRouter(tags=["people"], route_class=Route)


@router.get("/corrections", operation_id="list_corrections", response_model=PageOf[CorrectionView])
async def list_corrections(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    state: Annotated[CorrectionState | None, Query(description="状态 / state")] = None,
) -> Response:
    """One's own requests, and those of the actor's place, the first asked first (`asked`)."""
    found = await corrections.list_corrections(
        db, actor, page=page, teacher_id=teacher_id, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "/corrections",
    operation_id="request_correction",
    response_model=CorrectionView,
    status_code=201,
)
async def request_correction(
    request: Request, db: Transaction, actor: CurrentActor, new: NewCorrection
) -> Response:
    """Say that something in one's own record is wrong, and what is right."""
    cipher = resources(request).cipher
    row = await corrections.request_correction(db, actor, new=new, cipher=cipher, now=now())
    return answer_created(row, f"/api/v1/corrections/{row['id']}")


@router.get(
    "/corrections/{correction_id}", operation_id="get_correction", response_model=CorrectionView
)
async def get_correction(
    request: Request, db: Reading, actor: CurrentActor, correction_id: UUID
) -> Response:
    """One request; what is sealed stays masked."""
    row = await corrections.get_correction(db, actor, correction_id=correction_id)
    return answer_one(request, row)


@router.post(
    "/corrections/{correction_id}/grant",
    operation_id="grant_correction",
    response_model=CorrectionView,
)
async def grant_correction(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    correction_id: UUID,
    decision: CorrectionOpinion,
) -> Response:
    """Find the person right; what is stated is written into the record."""
    row = await corrections.grant_correction(
        db,
        actor,
        correction_id=correction_id,
        decision=decision,
        cipher=resources(request).cipher,
        now=now(),
    )
    return answer(row)


@router.post(
    "/corrections/{correction_id}/decline",
    operation_id="decline_correction",
    response_model=CorrectionView,
)
async def decline_correction(
    db: Transaction, actor: CurrentActor, correction_id: UUID, decision: CorrectionOpinion
) -> Response:
    """Find the record right, and say why."""
    row = await corrections.decline_correction(
        db, actor, correction_id=correction_id, decision=decision, now=now()
    )
    return answer(row)


@router.post(
    "/corrections/{correction_id}/withdraw",
    operation_id="withdraw_correction",
    response_model=CorrectionView,
)
async def withdraw_correction(
    db: Transaction, actor: CurrentActor, correction_id: UUID
) -> Response:
    """Take one's own request back while it waits."""
    row = await corrections.withdraw_correction(db, actor, correction_id=correction_id, now=now())
    return answer(row)


@router.post(
    "/teachers/{teacher_id}/correct", operation_id="correct_teacher", response_model=TeacherView
)
async def correct_teacher(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    teacher_id: UUID,
    correction: TeacherCorrection,
) -> Response:
    """Put right what was entered wrongly of a teacher, the ID number included."""
    row = await corrections.correct_teacher(
        db,
        actor,
        teacher_id=teacher_id,
        correction=correction,
        cipher=resources(request).cipher,
        now=now(),
    )
    return answer(row)
