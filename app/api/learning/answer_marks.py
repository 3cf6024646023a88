"""Marking answers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import answer_marks
from app.domain.learning.answer_marks import NewAnswerMark
from app.domain.learning.test_attempts import AnswerMarkView, AttemptAnswerView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/course-tests/{test_id}/answers",
    operation_id="list_attempt_answers",
    response_model=PageOf[AttemptAnswerView],
)
async def list_attempt_answers(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    test_id: UUID,
    attempt_id: Annotated[UUID | None, Query(description="作答 / attempt")] = None,
    waits: Annotated[bool | None, Query(description="是否待阅卷 / whether to be marked")] = None,
) -> Response:
    """The answers to a test, without whose they are (`created`); `waits`: those that a person has to mark."""
    found = await answer_marks.list_attempt_answers(
        db, actor, test_id=test_id, page=page, attempt_id=attempt_id, waits=waits
    )
    return answer_page(request, found, fields)


@router.get(
    "/attempt-answers/{answer_id}/marks",
    operation_id="list_answer_marks",
    response_model=PageOf[AnswerMarkView],
)
async def list_answer_marks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    answer_id: UUID,
) -> Response:
    """What people gave for an answer, the first first (`created`)."""
    found = await answer_marks.list_answer_marks(db, actor, answer_id=answer_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/attempt-answers/{answer_id}/marks",
    operation_id="mark_test_answer",
    response_model=AttemptAnswerView,
)
async def mark_test_answer(
    db: Transaction, actor: CurrentActor, answer_id: UUID, new: NewAnswerMark
) -> Response:
    """Give points for an answer, or correct them with a reason."""
    row = await answer_marks.mark_test_answer(db, actor, answer_id=answer_id, new=new, now=now())
    return answer(row)
