"""Attempts at tests over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.learning import test_attempts
from app.domain.learning.test_attempts import (
    CourseTestAttemptView,
    PaperQuestionView,
    SavedAnswers,
    TakenTestView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/test-attempts",
    operation_id="list_own_test_attempts",
    response_model=PageOf[CourseTestAttemptView],
)
async def list_own_test_attempts(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    test_id: Annotated[UUID | None, Query(description="测验 / test")] = None,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / activity")] = None,
) -> Response:
    """One's own attempts, the first first (`created`)."""
    found = await test_attempts.list_own_test_attempts(
        db, actor, page=page, test_id=test_id, activity_id=activity_id
    )
    return answer_page(request, found, fields)


@router.get(
    "/test-attempts/{attempt_id}",
    operation_id="get_test_attempt",
    response_model=CourseTestAttemptView,
)
async def get_test_attempt(
    request: Request, db: Reading, actor: CurrentActor, attempt_id: UUID
) -> Response:
    """One attempt of one's own; its result once that is shown."""
    row = await test_attempts.get_test_attempt(db, actor, attempt_id=attempt_id)
    return answer_one(request, row)


@router.get(
    "/test-attempts/{attempt_id}/questions",
    operation_id="list_paper_questions",
    response_model=PageOf[PaperQuestionView],
)
async def list_paper_questions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    attempt_id: UUID,
) -> Response:
    """The questions of one's own paper with one's answers; what is right once it is shown (`ordinal`)."""
    found = await test_attempts.list_paper_questions(db, actor, attempt_id=attempt_id, page=page)
    return answer_page(request, found, fields)


@router.get(
    "/course-tests/{test_id}/attempts",
    operation_id="list_taken_tests",
    response_model=PageOf[TakenTestView],
)
async def list_taken_tests(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    test_id: UUID,
    activity_id: Annotated[UUID | None, Query(description="活动（班） / in this activity")] = None,
) -> Response:
    """Who took a test, with which result (`created`, `name`)."""
    found = await test_attempts.list_taken_tests(
        db, actor, test_id=test_id, page=page, activity_id=activity_id
    )
    return answer_page(request, found, fields)


@router.post(
    "/course-tests/{test_id}/attempts",
    operation_id="start_test_attempt",
    response_model=CourseTestAttemptView,
    status_code=201,
)
async def start_test_attempt(db: Transaction, actor: CurrentActor, test_id: UUID) -> Response:
    """Begin an attempt; where one is open already, that is answered."""
    row = await test_attempts.start_test_attempt(db, actor, test_id=test_id, now=now())
    return answer_created(row, f"/api/v1/test-attempts/{row['id']}")


@router.post(
    "/test-attempts/{attempt_id}/answers",
    operation_id="save_test_answers",
    response_model=CourseTestAttemptView,
)
async def save_test_answers(
    db: Transaction, actor: CurrentActor, attempt_id: UUID, new: SavedAnswers
) -> Response:
    """Save answers of an open attempt; the same may be sent again."""
    row = await test_attempts.save_test_answers(
        db, actor, attempt_id=attempt_id, new=new, now=now()
    )
    return answer(row)


@router.post(
    "/test-attempts/{attempt_id}/hand-in",
    operation_id="hand_in_test_attempt",
    response_model=CourseTestAttemptView,
)
async def hand_in_test_attempt(db: Transaction, actor: CurrentActor, attempt_id: UUID) -> Response:
    """Hand an attempt in."""
    row = await test_attempts.hand_in_test_attempt(db, actor, attempt_id=attempt_id, now=now())
    return answer(row)
