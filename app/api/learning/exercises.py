"""Exercises over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import exercises
from app.domain.learning.exercises import ExerciseChanges, ExerciseView, NewExercise
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/activities/{activity_id}/exercises",
    operation_id="list_exercises",
    response_model=PageOf[ExerciseView],
)
async def list_exercises(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
    withdrawn: Annotated[bool | None, Query(description="是否已撤销 / taken back")] = None,
) -> Response:
    """The exercises of an activity in the actor's place (`due_on`, `created`)."""
    found = await exercises.list_exercises(
        db, actor, activity_id=activity_id, page=page, withdrawn=withdrawn
    )
    await include.into("Exercise", found.items)
    return answer_page(request, found, fields)


@router.post(
    "/activities/{activity_id}/exercises",
    operation_id="give_exercise",
    response_model=ExerciseView,
    status_code=201,
)
async def give_exercise(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewExercise
) -> Response:
    """Give an exercise to those who take part."""
    row = await exercises.give_exercise(db, actor, activity_id=activity_id, new=new, now=now())
    return answer_created(row, f"/api/v1/exercises/{row['id']}")


@router.get(
    "/offered-exercises",
    operation_id="list_offered_exercises",
    response_model=PageOf[ExerciseView],
)
async def list_offered_exercises(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / activity")] = None,
) -> Response:
    """The exercises of what is published to the actor (`due_on`, `created`)."""
    found = await exercises.list_offered_exercises(db, actor, page=page, activity_id=activity_id)
    await include.into("Exercise", found.items)
    return answer_page(request, found, fields)


@router.get("/exercises/{exercise_id}", operation_id="get_exercise", response_model=ExerciseView)
async def get_exercise(
    request: Request, db: Reading, actor: CurrentActor, exercise_id: UUID, include: Include
) -> Response:
    """One exercise of an activity that the actor may see."""
    row = await exercises.get_exercise(db, actor, exercise_id=exercise_id)
    await include.into("Exercise", [row])
    return answer_one(request, row)


@router.patch(
    "/exercises/{exercise_id}", operation_id="update_exercise", response_model=ExerciseView
)
async def update_exercise(
    db: Transaction, actor: CurrentActor, exercise_id: UUID, changes: ExerciseChanges
) -> Response:
    """Change what is to be done, or by when."""
    row = await exercises.update_exercise(
        db, actor, exercise_id=exercise_id, changes=changes, now=now()
    )
    return answer(row)


@router.post(
    "/exercises/{exercise_id}/withdraw",
    operation_id="withdraw_exercise",
    response_model=ExerciseView,
)
async def withdraw_exercise(db: Transaction, actor: CurrentActor, exercise_id: UUID) -> Response:
    """Take an exercise back."""
    return answer(await exercises.withdraw_exercise(db, actor, exercise_id=exercise_id, now=now()))


@router.post(
    "/exercises/{exercise_id}/files/{file_id}/link",
    operation_id="create_exercise_link",
    response_model=FileLink,
)
async def create_exercise_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    exercise_id: UUID,
    file_id: UUID,
    new: NewFileLink,
) -> Response:
    """A link to a file of an exercise, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await exercises.create_exercise_link(
            db, actor, exercise_id=exercise_id, file_id=file_id, new=new, links=links, now=now()
        )
    )
