"""Rechecks of answers over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.learning import answer_rechecks
from app.domain.learning.answer_rechecks import NewAnswerRecheck, RecheckDecision
from app.domain.learning.test_attempts import AnswerRecheckView, PaperQuestionView
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/course-tests/{test_id}/rechecks",
    operation_id="list_answer_rechecks",
    response_model=PageOf[AnswerRecheckView],
)
async def list_answer_rechecks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    test_id: UUID,
    waits: Annotated[bool | None, Query(description="是否待处理 / whether undecided")] = None,
) -> Response:
    """The rechecks that were asked for in a test (`created`)."""
    found = await answer_rechecks.list_answer_rechecks(
        db, actor, test_id=test_id, page=page, waits=waits
    )
    return answer_page(request, found, fields)


@router.post(
    "/attempt-answers/{answer_id}/rechecks",
    operation_id="ask_answer_recheck",
    response_model=PaperQuestionView,
    status_code=201,
)
async def ask_answer_recheck(
    db: Transaction, actor: CurrentActor, answer_id: UUID, new: NewAnswerRecheck
) -> Response:
    """Ask to have an answer of one's own marked anew."""
    row = await answer_rechecks.ask_answer_recheck(
        db, actor, answer_id=answer_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/answer-rechecks/{recheck_id}/decide",
    operation_id="decide_answer_recheck",
    response_model=AnswerRecheckView,
)
async def decide_answer_recheck(
    db: Transaction, actor: CurrentActor, recheck_id: UUID, decision: RecheckDecision
) -> Response:
    """Answer a recheck, with other points or with those that stand."""
    row = await answer_rechecks.decide_answer_recheck(
        db, actor, recheck_id=recheck_id, decision=decision, now=now()
    )
    return answer(row)
