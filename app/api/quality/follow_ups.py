"""Follow-ups of assessments over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import follow_ups
from app.domain.quality.follow_ups import (
    FollowUpReply,
    FollowUpReview,
    FollowUpView,
    NewFollowUp,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/follow-ups", operation_id="list_follow_ups", response_model=PageOf[FollowUpView])
async def list_follow_ups(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    teacher_id: Annotated[UUID | None, Query(description="教师 / teacher")] = None,
    school_id: Annotated[UUID | None, Query(description="学校 / school")] = None,
    assessment_id: Annotated[UUID | None, Query(description="研修考核 / assessment")] = None,
    reviewed: Annotated[
        bool | None, Query(description="是否已跟进 / whether it was looked at again")
    ] = None,
) -> Response:
    """The follow-ups in the actor's place, and one's own (`follow_up_on`, `created`)."""
    found = await follow_ups.list_follow_ups(
        db,
        actor,
        page=page,
        teacher_id=teacher_id,
        school_id=school_id,
        assessment_id=assessment_id,
        reviewed=reviewed,
    )
    return answer_page(request, found, fields)


@router.get("/follow-ups/{follow_up_id}", operation_id="get_follow_up", response_model=FollowUpView)
async def get_follow_up(db: Reading, actor: CurrentActor, follow_up_id: UUID) -> Response:
    """One follow-up, for the teacher and for those in charge."""
    found = await follow_ups.get_follow_up(db, actor, follow_up_id=follow_up_id)
    return answer(found)


@router.post(
    "/assessments/{assessment_id}/follow-ups",
    operation_id="give_follow_up",
    response_model=FollowUpView,
    status_code=201,
)
async def give_follow_up(
    db: Transaction, actor: CurrentActor, assessment_id: UUID, new: NewFollowUp
) -> Response:
    """Tell a teacher after an assessment what is good, what to work on, and by what."""
    found = await follow_ups.give_follow_up(
        db, actor, assessment_id=assessment_id, new=new, now=now()
    )
    return answer(found, 201)


@router.post(
    "/follow-ups/{follow_up_id}/reply",
    operation_id="reply_to_follow_up",
    response_model=FollowUpView,
)
async def reply_to_follow_up(
    db: Transaction, actor: CurrentActor, follow_up_id: UUID, said: FollowUpReply
) -> Response:
    """Answer in person what one was told."""
    found = await follow_ups.reply_to_follow_up(
        db, actor, follow_up_id=follow_up_id, said=said, now=now()
    )
    return answer(found)


@router.post(
    "/follow-ups/{follow_up_id}/review",
    operation_id="review_follow_up",
    response_model=FollowUpView,
)
async def review_follow_up(
    db: Transaction, actor: CurrentActor, follow_up_id: UUID, said: FollowUpReview
) -> Response:
    """Say what came of it."""
    found = await follow_ups.review_follow_up(
        db, actor, follow_up_id=follow_up_id, said=said, now=now()
    )
    return answer(found)
