"""Progress in classes over REST, as the organiser sees it and as it belongs to the teacher."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.answers import Fields, PageOf, answer_one, answer_page
from app.domain.learning import learning_progress
from app.domain.learning.learning_progress import LearnerView, LearningProgressView
from app.request import CurrentActor, PageParameters, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/activities/{activity_id}/learners",
    operation_id="list_learners",
    response_model=PageOf[LearnerView],
)
async def list_learners(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """How far those have come who learn in a class that the actor organises (`name`, `created`)."""
    found = await learning_progress.list_learners(db, actor, activity_id=activity_id, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/teachers/{teacher_id}/learning-progress",
    operation_id="list_teacher_learning_progress",
    response_model=PageOf[LearningProgressView],
)
async def list_teacher_learning_progress(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """How far one teacher has come, class by class (`created`)."""
    found = await learning_progress.list_teacher_learning_progress(
        db, actor, teacher_id=teacher_id, page=page
    )
    return answer_page(request, found, fields)


@router.get(
    "/learning-progress/{progress_id}",
    operation_id="get_learning_progress",
    response_model=LearningProgressView,
)
async def get_learning_progress(
    request: Request, db: Reading, actor: CurrentActor, progress_id: UUID
) -> Response:
    """How far one teacher has come in one class."""
    found = await learning_progress.get_learning_progress(db, actor, progress_id=progress_id)
    return answer_one(request, found)
