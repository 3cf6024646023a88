"""Surveys over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import (
    IF_MATCH,
    Fields,
    PageOf,
    answer,
    answer_created,
    answer_one,
    answer_page,
    check_if_match,
    etag_of,
)
from app.domain.training import surveys
from app.domain.training.surveys import (
    NewSurvey,
    ResultScope,
    SurveyAnswers,
    SurveyChanges,
    SurveyComparison,
    SurveyPurpose,
    SurveyReceiptView,
    SurveyRepetition,
    SurveyResults,
    SurveyState,
    SurveyView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
)
from app.request.inclusions import Include

router = APIRouter(tags=["training"], route_class=Route)

Purpose = Annotated[SurveyPurpose | None, Query(description="用途 / purpose")]
State = Annotated[SurveyState | None, Query(description="状态 / state")]


@router.get("/surveys", operation_id="list_surveys", response_model=PageOf[SurveyView])
async def list_surveys(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    purpose: Purpose = None,
    state: State = None,
    unit_id: Annotated[UUID | None, Query(description="所属单位 / unit")] = None,
    group_id: Annotated[UUID | None, Query(description="所属教研组 / group")] = None,
    activity_id: Annotated[UUID | None, Query(description="所评估的活动 / activity")] = None,
    is_template: Annotated[bool | None, Query(description="是否模板 / whether a template")] = None,
) -> Response:
    """The surveys in the actor's place, as they were made (`created`, `title`)."""
    found = await surveys.list_surveys(
        db, actor, page=page, purpose=purpose, state=state, unit_id=unit_id, group_id=group_id,
        activity_id=activity_id, is_template=is_template,
    )  # fmt: skip
    await include.into("Survey", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/offered-surveys", operation_id="list_offered_surveys", response_model=PageOf[SurveyView]
)
async def list_offered_surveys(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    purpose: Purpose = None,
    state: State = None,
) -> Response:
    """The surveys that are for the actor, once they have opened (`created`, `title`)."""
    found = await surveys.list_offered_surveys(db, actor, page=page, purpose=purpose, state=state)
    await include.into("Survey", found.items)
    return answer_page(request, found, fields)


@router.post("/surveys", operation_id="create_survey", response_model=SurveyView, status_code=201)
async def create_survey(db: Transaction, actor: CurrentActor, new: NewSurvey) -> Response:
    """Draft a survey, or a template of one."""
    row = await surveys.create_survey(db, actor, new=new)
    return answer_created(row, f"/api/v1/surveys/{row['id']}")


@router.get("/surveys/{survey_id}", operation_id="get_survey", response_model=SurveyView)
async def get_survey(
    request: Request, db: Reading, actor: CurrentActor, survey_id: UUID, include: Include
) -> Response:
    """One survey in the actor's place, or for the actor to answer."""
    row = await surveys.get_survey(db, actor, survey_id=survey_id)
    await include.into("Survey", [row])
    return answer_one(request, row)


@router.patch(
    "/surveys/{survey_id}",
    operation_id="update_survey",
    response_model=SurveyView,
    openapi_extra=IF_MATCH,
)
async def update_survey(
    request: Request, db: Transaction, actor: CurrentActor, survey_id: UUID, changes: SurveyChanges
) -> Response:
    """Change a draft; what has opened stands."""
    if "if-match" in request.headers:
        check_if_match(request, await surveys.get_survey(db, actor, survey_id=survey_id, lock=True))
    row = await surveys.update_survey(db, actor, survey_id=survey_id, changes=changes)
    return answer(row, headers={"ETag": etag_of(row)})


@router.post("/surveys/{survey_id}/open", operation_id="open_survey", response_model=SurveyView)
async def open_survey(db: Transaction, actor: CurrentActor, survey_id: UUID) -> Response:
    """Let a draft be answered; what it asks is settled."""
    return answer(await surveys.open_survey(db, actor, survey_id=survey_id, now=now()))


@router.post("/surveys/{survey_id}/close", operation_id="close_survey", response_model=SurveyView)
async def close_survey(db: Transaction, actor: CurrentActor, survey_id: UUID) -> Response:
    """End the answering; a survey whose time is over is closed by itself within minutes."""
    return answer(await surveys.close_survey(db, actor, survey_id=survey_id, now=now()))


@router.post(
    "/surveys/{survey_id}/publish", operation_id="publish_survey", response_model=SurveyView
)
async def publish_survey(db: Transaction, actor: CurrentActor, survey_id: UUID) -> Response:
    """Show the results as a whole to all whom the survey was for."""
    return answer(await surveys.publish_survey(db, actor, survey_id=survey_id, now=now()))


@router.post(
    "/surveys/{survey_id}/copy",
    operation_id="copy_survey",
    response_model=SurveyView,
    status_code=201,
)
async def copy_survey(
    db: Transaction, actor: CurrentActor, survey_id: UUID, new: SurveyRepetition
) -> Response:
    """Hold a survey, or a template, again: the same questions for the same people, as a draft."""
    row = await surveys.copy_survey(db, actor, survey_id=survey_id, new=new)
    return answer_created(row, f"/api/v1/surveys/{row['id']}")


@router.post(
    "/surveys/{survey_id}/answers",
    operation_id="answer_survey",
    response_model=SurveyReceiptView,
    status_code=201,
)
async def answer_survey(
    request: Request, actor: CurrentActor, survey_id: UUID, given: SurveyAnswers
) -> Response:
    """Answer a survey that is for the teacher who asks, once.

    For an `Idempotency-Key` nothing is kept: a hash of the answers would stand beside the account.
    """
    async with begin_transaction(request, actor) as db:
        row = await surveys.answer_survey(db, actor, survey_id=survey_id, given=given, now=now())
    return answer(row, 201)


@router.get(
    "/surveys/{survey_id}/results",
    operation_id="get_survey_results",
    response_model=SurveyResults,
)
async def get_survey_results(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    survey_id: UUID,
    scope: Annotated[
        ResultScope | None, Query(description="范围，默认为可见的最大明细 / whose answers")
    ] = None,
) -> Response:
    """What a closed survey has shown; groups of few are hidden."""
    row = await surveys.get_survey_results(db, actor, survey_id=survey_id, scope=scope)
    return answer_one(request, row)


@router.get(
    "/surveys/{survey_id}/comparison",
    operation_id="get_survey_comparison",
    response_model=SurveyComparison,
)
async def get_survey_comparison(
    request: Request, db: Reading, actor: CurrentActor, survey_id: UUID
) -> Response:
    """A survey beside the one that it repeats, question by question."""
    row = await surveys.get_survey_comparison(db, actor, survey_id=survey_id)
    return answer_one(request, row)
