"""Suggestions of mentors over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.learning import mentor_suggestions
from app.domain.learning.mentor_suggestions import MentorSuggestionView
from app.domain.people.teachers import Subject
from app.request import CurrentActor, Reading, Route

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/teachers/{teacher_id}/mentor-suggestions",
    operation_id="list_mentor_suggestions",
    response_model=list[MentorSuggestionView],
)
async def list_mentor_suggestions(
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    target_subject: Annotated[
        Subject | None, Query(description="目标学科 / subject in which they are to be trained")
    ] = None,
) -> Response:
    """Who could mentor a teacher, whom fits best first, with the points by what they are given for."""
    return answer(
        await mentor_suggestions.list_mentor_suggestions(
            db, actor, teacher_id=teacher_id, target_subject=target_subject
        )
    )
