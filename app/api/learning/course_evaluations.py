"""Evaluation of courses over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.learning import course_evaluations
from app.domain.learning.course_evaluations import CourseEvaluation
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/courses/{course_id}/evaluation",
    operation_id="get_course_evaluation",
    response_model=CourseEvaluation,
)
async def get_course_evaluation(db: Reading, actor: CurrentActor, course_id: UUID) -> Response:
    """What those who took each version of a course thought of it, for its next review."""
    return answer(await course_evaluations.get_course_evaluation(db, actor, course_id=course_id))
