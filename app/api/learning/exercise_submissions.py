"""What is handed in to exercises over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import exercise_submissions
from app.domain.learning.exercise_submissions import (
    ExerciseReview,
    ExerciseState,
    ExerciseSubmissionView,
    HandedInView,
    NewExerciseSubmission,
)
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["learning"], route_class=Route)

ExerciseId = Annotated[UUID | None, Query(description="作业 / exercise")]
State = Annotated[ExerciseState | None, Query(description="状态 / state")]


@router.post(
    "/exercises/{exercise_id}/submissions",
    operation_id="submit_exercise",
    response_model=ExerciseSubmissionView,
    status_code=201,
)
async def submit_exercise(
    db: Transaction, actor: CurrentActor, exercise_id: UUID, new: NewExerciseSubmission
) -> Response:
    """Hand in what an exercise asks for; again once it was returned."""
    row = await exercise_submissions.submit_exercise(
        db, actor, exercise_id=exercise_id, new=new, now=now()
    )
    return answer_created(row, f"/api/v1/exercise-submissions/{row['id']}")


@router.get(
    "/activities/{activity_id}/exercise-submissions",
    operation_id="list_exercise_submissions",
    response_model=PageOf[HandedInView],
)
async def list_exercise_submissions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    exercise_id: ExerciseId = None,
    state: State = None,
) -> Response:
    """What was handed in to an activity that the actor organises (`created`, `name`)."""
    found = await exercise_submissions.list_exercise_submissions(
        db, actor, activity_id=activity_id, page=page, exercise_id=exercise_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/exercise-submissions-to-review",
    operation_id="list_exercise_submissions_to_review",
    response_model=PageOf[HandedInView],
)
async def list_exercise_submissions_to_review(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / activity")] = None,
    exercise_id: ExerciseId = None,
    state: State = None,
) -> Response:
    """What was handed in to activities that the actor carries as a speaker or the like (`created`, `name`)."""
    found = await exercise_submissions.list_exercise_submissions_to_review(
        db, actor, page=page, activity_id=activity_id, exercise_id=exercise_id, state=state
    )
    return answer_page(request, found, fields)


@router.get(
    "/exercise-submissions",
    operation_id="list_own_exercise_submissions",
    response_model=PageOf[ExerciseSubmissionView],
)
async def list_own_exercise_submissions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """What one has handed in oneself (`created`)."""
    found = await exercise_submissions.list_own_exercise_submissions(db, actor, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/exercise-submissions/{submission_id}",
    operation_id="get_exercise_submission",
    response_model=ExerciseSubmissionView,
)
async def get_exercise_submission(
    request: Request, db: Reading, actor: CurrentActor, submission_id: UUID
) -> Response:
    """What one handed in oneself."""
    row = await exercise_submissions.get_exercise_submission(db, actor, submission_id=submission_id)
    return answer_one(request, row)


@router.post(
    "/exercise-submissions/{submission_id}/review",
    operation_id="review_exercise",
    response_model=HandedInView,
)
async def review_exercise(
    db: Transaction, actor: CurrentActor, submission_id: UUID, review: ExerciseReview
) -> Response:
    """Accept what was handed in, or return it; nobody reviews their own."""
    return answer(
        await exercise_submissions.review_exercise(
            db, actor, submission_id=submission_id, review=review, now=now()
        )
    )


@router.post(
    "/exercise-submissions/{submission_id}/files/{file_id}/link",
    operation_id="create_exercise_submission_link",
    response_model=FileLink,
)
async def create_exercise_submission_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    submission_id: UUID,
    file_id: UUID,
    new: NewFileLink,
) -> Response:
    """A link to a file that was handed in, for who reviews it, for ten minutes."""
    links = resources(request).archive.links
    return answer(
        await exercise_submissions.create_exercise_submission_link(
            db, actor, submission_id=submission_id, file_id=file_id, new=new, links=links, now=now()
        )
    )
