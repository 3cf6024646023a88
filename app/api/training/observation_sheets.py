"""Observation sheets over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import observation_sheets
from app.domain.training.observation_sheets import (
    NewSheet,
    ObservationKind,
    OrganisedSheetView,
    SheetAnswer,
    SheetView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)

Kind = Annotated[ObservationKind | None, Query(description="听课类型 / kind of observation")]


@router.post(
    "/observation-sheets",
    operation_id="submit_observation_sheet",
    response_model=SheetView,
    status_code=201,
)
async def submit_observation_sheet(db: Transaction, actor: CurrentActor, new: NewSheet) -> Response:
    """Submit what was seen in somebody else's lesson, of an activity or of none."""
    row = await observation_sheets.submit_observation_sheet(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/observation-sheets/{row['id']}")


@router.get(
    "/observation-sheets/{sheet_id}",
    operation_id="get_observation_sheet",
    response_model=SheetView,
)
async def get_observation_sheet(
    request: Request, db: Reading, actor: CurrentActor, sheet_id: UUID
) -> Response:
    """One sheet, about oneself or about a teacher in the actor's place."""
    row = await observation_sheets.get_observation_sheet(db, actor, sheet_id=sheet_id)
    return answer_one(request, row)


@router.post(
    "/observation-sheets/{sheet_id}/answer",
    operation_id="answer_observation_sheet",
    response_model=SheetView,
)
async def answer_observation_sheet(
    db: Transaction, actor: CurrentActor, sheet_id: UUID, answer_given: SheetAnswer
) -> Response:
    """Say, as the teacher who gave the lesson, what one thinks of it; once."""
    row = await observation_sheets.answer_observation_sheet(
        db, actor, sheet_id=sheet_id, answer=answer_given, now=now()
    )
    return answer(row)


@router.get(
    "/teachers/{teacher_id}/observation-sheets",
    operation_id="list_teacher_observation_sheets",
    response_model=PageOf[SheetView],
)
async def list_teacher_observation_sheets(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
) -> Response:
    """The sheets about one teacher (`held_on`, `created`)."""
    found = await observation_sheets.list_teacher_observation_sheets(
        db, actor, teacher_id=teacher_id, page=page, kind=kind
    )
    return answer_page(request, found, fields)


@router.get(
    "/activities/{activity_id}/observation-sheets",
    operation_id="list_observation_sheets",
    response_model=PageOf[OrganisedSheetView],
)
async def list_observation_sheets(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
) -> Response:
    """The sheets of an activity that the actor organises (`created`, `name`)."""
    found = await observation_sheets.list_observation_sheets(
        db, actor, activity_id=activity_id, page=page, kind=kind
    )
    return answer_page(request, found, fields)


@router.get(
    "/me/observations",
    operation_id="list_own_observations",
    response_model=PageOf[SheetView],
)
async def list_own_observations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    kind: Kind = None,
) -> Response:
    """The sheets that one has written as a teacher (`held_on`, `created`)."""
    found = await observation_sheets.list_own_observations(db, actor, page=page, kind=kind)
    return answer_page(request, found, fields)
