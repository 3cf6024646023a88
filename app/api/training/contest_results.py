"""Results of competitions over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.training import contest_results
from app.domain.training.contest_results import (
    Award,
    ContestantView,
    NewResults,
    ResultCorrection,
    ResultsEntered,
    ResultStriking,
    ResultView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/activities/{activity_id}/results",
    operation_id="list_contest_results",
    response_model=PageOf[ContestantView],
)
async def list_contest_results(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    activity_id: UUID,
    page: PageParameters,
    fields: Fields,
    award: Annotated[Award | None, Query(description="奖次 / award")] = None,
    standing: Annotated[
        bool | None, Query(description="是否有效 / whether it stands; both by default")
    ] = None,
) -> Response:
    """The results of a competition that the actor organises (`created`, `name`)."""
    found = await contest_results.list_contest_results(
        db, actor, activity_id=activity_id, page=page, award=award, standing=standing
    )
    return answer_page(request, found, fields)


@router.post(
    "/activities/{activity_id}/results",
    operation_id="record_contest_results",
    response_model=ResultsEntered,
    status_code=201,
)
async def record_contest_results(
    db: Transaction, actor: CurrentActor, activity_id: UUID, new: NewResults
) -> Response:
    """Enter results of a competition: all of them, or none."""
    row = await contest_results.record_contest_results(
        db, actor, activity_id=activity_id, new=new, now=now()
    )
    return answer(row, 201)


@router.post(
    "/contest-results/{result_id}/correct",
    operation_id="correct_contest_result",
    response_model=ContestantView,
)
async def correct_contest_result(
    db: Transaction, actor: CurrentActor, result_id: UUID, new: ResultCorrection
) -> Response:
    """Correct a result, with the reason; what was entered before is kept beside it."""
    row = await contest_results.correct_contest_result(
        db, actor, result_id=result_id, new=new, now=now()
    )
    return answer(row)


@router.post(
    "/contest-results/{result_id}/strike",
    operation_id="strike_contest_result",
    response_model=ContestantView,
)
async def strike_contest_result(
    db: Transaction, actor: CurrentActor, result_id: UUID, new: ResultStriking
) -> Response:
    """Strike a result that should not have been entered; it is kept, with the reason."""
    row = await contest_results.strike_contest_result(
        db, actor, result_id=result_id, new=new, now=now()
    )
    return answer(row)


@router.get(
    "/teachers/{teacher_id}/contest-results",
    operation_id="list_teacher_contest_results",
    response_model=PageOf[ResultView],
)
async def list_teacher_contest_results(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    page: PageParameters,
    fields: Fields,
    include: Include,
) -> Response:
    """The results of one teacher, what was corrected included (`created`)."""
    found = await contest_results.list_teacher_contest_results(
        db, actor, teacher_id=teacher_id, page=page
    )
    await include.into("ContestResult", found.items)
    return answer_page(request, found, fields)
