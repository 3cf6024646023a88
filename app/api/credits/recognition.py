"""Recognition of activities, and of what was concluded, over REST."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.credits import recognition
from app.domain.credits.recognition import (
    MentorshipRecognitionView,
    RecognitionView,
    SelfStudyRecognitionView,
    TopicRecognitionView,
)
from app.request import CurrentActor, Route, Transaction, now

router = APIRouter(tags=["credits"], route_class=Route)


@router.post(
    "/activities/{activity_id}/recognition",
    operation_id="recognise_activity",
    response_model=RecognitionView,
)
async def recognise_activity(db: Transaction, actor: CurrentActor, activity_id: UUID) -> Response:
    """Enter what a closed activity earned; asking again enters nothing twice."""
    row = await recognition.recognise_activity(db, actor, activity_id=activity_id, now=now())
    return answer(row)


@router.post(
    "/mentorships/{mentorship_id}/recognition",
    operation_id="recognise_mentorship",
    response_model=MentorshipRecognitionView,
)
async def recognise_mentorship(
    db: Transaction, actor: CurrentActor, mentorship_id: UUID
) -> Response:
    """Enter what a concluded term of mentoring earned on both sides; asking again enters nothing twice."""
    row = await recognition.recognise_mentorship(db, actor, mentorship_id=mentorship_id, now=now())
    return answer(row)


@router.post(
    "/topics/{topic_id}/recognition",
    operation_id="recognise_topic",
    response_model=TopicRecognitionView,
)
async def recognise_topic(db: Transaction, actor: CurrentActor, topic_id: UUID) -> Response:
    """Enter what a concluded topic earned for its members; asking again enters nothing twice."""
    row = await recognition.recognise_topic(db, actor, topic_id=topic_id, now=now())
    return answer(row)


@router.post(
    "/self-studies/{study_id}/recognition",
    operation_id="recognise_self_study",
    response_model=SelfStudyRecognitionView,
)
async def recognise_self_study(db: Transaction, actor: CurrentActor, study_id: UUID) -> Response:
    """Enter what a concluded self-study earned; asking again enters nothing twice."""
    row = await recognition.recognise_self_study(db, actor, study_id=study_id, now=now())
    return answer(row)
