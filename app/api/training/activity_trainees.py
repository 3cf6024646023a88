"""Trainees in activities over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import activity_trainees
from app.domain.training.activity_trainees import (
    ActivityTraineeView,
    NewActivityTrainees,
    NewTraineeAttendance,
    TraineeParticipationView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/trainees",
    operation_id="list_activity_trainees",
    response_model=PageOf[ActivityTraineeView],
)
async def list_activity_trainees(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """The trainees of an activity that the actor organises (`created`, `name`)."""
    found = await activity_trainees.list_activity_trainees(
        db, actor, activity_id=activity_id, page=page
    )
    return answer_page(request, found, fields)


@router.post(
    "/activities/{activity_id}/trainees",
    operation_id="enter_activity_trainees",
    response_model=list[ActivityTraineeView],
)
async def enter_activity_trainees(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewActivityTrainees
) -> Response:
    """Enter trainees of the register into an activity; they take no place and earn no credit."""
    return answer(
        await activity_trainees.enter_activity_trainees(
            db, actor, activity_id=activity_id, new=new, now=now()
        )
    )


@router.delete(
    "/activity-trainees/{part_id}",
    operation_id="remove_activity_trainee",
    response_model=ActivityTraineeView,
)
async def remove_activity_trainee(db: Transaction, actor: CurrentActor, part_id: UUID) -> Response:
    """Take a trainee who is on no roll out of an activity; the answer is what it was."""
    return answer(await activity_trainees.remove_activity_trainee(db, actor, part_id=part_id))


@router.post(
    "/sessions/{session_id}/trainee-attendance",
    operation_id="record_trainee_attendance",
    response_model=list[ActivityTraineeView],
)
async def record_trainee_attendance(
    db: Transaction, actor: CurrentActor, session_id: UUID, new: NewTraineeAttendance
) -> Response:
    """Keep the roll of trainees at a session, apart from the teachers'."""
    return answer(
        await activity_trainees.record_trainee_attendance(
            db, actor, session_id=session_id, new=new, now=now()
        )
    )


@router.get(
    "/units/{unit_id}/trainee-participation",
    operation_id="list_trainee_participation",
    response_model=list[TraineeParticipationView],
)
async def list_trainee_participation(
    db: Reading,
    actor: CurrentActor,
    unit_id: UUID,
    since: Annotated[date | None, Query(description="起始日（含） / first day")] = None,
    until: Annotated[date | None, Query(description="截止日（含） / last day")] = None,
) -> Response:
    """Trainees in what a unit organised, by category, in people and person-times; no teachers."""
    return answer(
        await activity_trainees.list_trainee_participation(
            db, actor, unit_id=unit_id, now=now(), since=since, until=until
        )
    )
