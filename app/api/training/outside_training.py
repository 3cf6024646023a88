"""Training attended elsewhere over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.training import outside_training
from app.domain.training.outside_training import (
    NewOutsideTraining,
    OutsideTrainingReturn,
    OutsideTrainingState,
    OutsideTrainingView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["training"], route_class=Route)

State = Annotated[OutsideTrainingState | None, Query(description="状态 / state")]


@router.get(
    "/outside-trainings",
    operation_id="list_outside_trainings",
    response_model=PageOf[OutsideTrainingView],
)
async def list_outside_trainings(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    state: State = None,
) -> Response:
    """What the teachers of the actor's place attended elsewhere (`created`, `starts_on`)."""
    found = await outside_training.list_outside_trainings(
        db, actor, page=page, school_id=school_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/outside-trainings/{training_id}",
    operation_id="get_outside_training",
    response_model=OutsideTrainingView,
)
async def get_outside_training(
    request: Request, db: Reading, actor: CurrentActor, training_id: UUID
) -> Response:
    """One training elsewhere, with what it overlaps."""
    return answer_one(
        request, await outside_training.get_outside_training(db, actor, training_id=training_id)
    )


@router.get(
    "/teachers/{teacher_id}/outside-trainings",
    operation_id="list_teacher_outside_trainings",
    response_model=PageOf[OutsideTrainingView],
)
async def list_teacher_outside_trainings(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    state: State = None,
) -> Response:
    """What one teacher attended elsewhere (`created`, `starts_on`)."""
    found = await outside_training.list_teacher_outside_trainings(
        db, actor, teacher_id=teacher_id, page=page, state=state
    )
    return answer_page(request, found, fields)


@router.post(
    "/teachers/{teacher_id}/outside-trainings",
    operation_id="state_outside_training",
    response_model=OutsideTrainingView,
    status_code=201,
)
async def state_outside_training(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewOutsideTraining
) -> Response:
    """State, as the teacher, what one attended elsewhere."""
    row = await outside_training.state_outside_training(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/outside-trainings/{row['id']}")


@router.post(
    "/teachers/{teacher_id}/outside-trainings/enter",
    operation_id="enter_outside_training",
    response_model=OutsideTrainingView,
    status_code=201,
)
async def enter_outside_training(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewOutsideTraining
) -> Response:
    """Enter, for the school, what a teacher attended elsewhere."""
    row = await outside_training.enter_outside_training(
        db, actor, teacher_id=teacher_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/outside-trainings/{row['id']}")


@router.post(
    "/outside-trainings/{training_id}/confirm",
    operation_id="confirm_outside_training",
    response_model=OutsideTrainingView,
)
async def confirm_outside_training(
    db: Transaction, actor: CurrentActor, training_id: UUID
) -> Response:
    """Confirm what a teacher attended elsewhere; nobody confirms their own."""
    return answer(
        await outside_training.confirm_outside_training(
            db, actor, training_id=training_id, now=now()
        )
    )


@router.post(
    "/outside-trainings/{training_id}/return",
    operation_id="return_outside_training",
    response_model=OutsideTrainingView,
)
async def return_outside_training(
    db: Transaction, actor: CurrentActor, training_id: UUID, decision: OutsideTrainingReturn
) -> Response:
    """Return a statement and say why."""
    return answer(
        await outside_training.return_outside_training(
            db, actor, training_id=training_id, decision=decision, now=now()
        )
    )


@router.post(
    "/outside-trainings/{training_id}/withdraw",
    operation_id="withdraw_outside_training",
    response_model=OutsideTrainingView,
)
async def withdraw_outside_training(
    db: Transaction, actor: CurrentActor, training_id: UUID
) -> Response:
    """Take one's own statement back while it waits."""
    return answer(
        await outside_training.withdraw_outside_training(
            db, actor, training_id=training_id, now=now()
        )
    )
