"""Links to surveys over REST, and the forms that parents fill in by them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_page
from app.domain.training import survey_links
from app.domain.training.survey_links import (
    FormAnswers,
    FormReceived,
    IssuedSurveyLink,
    NewSurveyLink,
    SurveyForm,
    SurveyLinkView,
)
from app.request import (
    CurrentActor,
    PageParameters,
    Reading,
    Route,
    Transaction,
    begin_transaction,
    now,
    resources,
)
from app.request.signing_in import count_try
from app.security import passwords

router = APIRouter(tags=["training"], route_class=Route)
form_router = APIRouter(tags=["training"], route_class=Route)


@router.get(
    "/surveys/{survey_id}/links",
    operation_id="list_survey_links",
    response_model=PageOf[SurveyLinkView],
)
async def list_survey_links(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    survey_id: UUID,
    page: PageParameters,
    fields: Fields,
) -> Response:
    """The links of one survey, without their tokens (`created`)."""
    found = await survey_links.list_survey_links(db, actor, survey_id=survey_id, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/surveys/{survey_id}/links",
    operation_id="create_survey_link",
    response_model=IssuedSurveyLink,
    status_code=201,
)
async def create_survey_link(
    request: Request, actor: CurrentActor, survey_id: UUID, new: NewSurveyLink
) -> Response:
    """Make a link for the parents of a school; its tokens are shown this once and kept nowhere."""
    secrets = passwords.new_secrets(new.tokens)
    async with begin_transaction(request, actor) as db:
        row = await survey_links.create_survey_link(
            db, actor, survey_id=survey_id, new=new, secrets=secrets, now=now()
        )
    return answer_created(row, f"/api/v1/surveys/{survey_id}/links")


@router.post(
    "/survey-links/{link_id}/revoke",
    operation_id="revoke_survey_link",
    response_model=SurveyLinkView,
)
async def revoke_survey_link(db: Transaction, actor: CurrentActor, link_id: UUID) -> Response:
    """Let a link be used no more; what was answered by it stays."""
    return answer(await survey_links.revoke_survey_link(db, actor, link_id=link_id, now=now()))


Token = Annotated[
    str, Path(min_length=20, max_length=100, description="链接口令 / token of the link")
]


@form_router.get("/survey-forms/{token}", operation_id="get_survey_form", response_model=SurveyForm)
async def get_survey_form(request: Request, token: Token) -> Response:
    """What a parent is asked, by a link and without an account."""
    async with resources(request).pool.connection() as db:
        form = await survey_links.get_survey_form(
            db, token_hash=passwords.hash_secret(token), now=now()
        )
    return answer(form, headers={"Cache-Control": "no-store"})


@form_router.post(
    "/survey-forms/{token}",
    operation_id="answer_survey_form",
    response_model=FormReceived,
    status_code=201,
)
async def answer_survey_form(request: Request, token: Token, given: FormAnswers) -> Response:
    """Take what a parent answers; neither who nor from where is kept."""
    held, moment = resources(request), now()
    async with held.pool.connection() as db:
        await count_try(held, db, request.scope, what="survey form")
    async with held.pool.transaction() as db:
        row = await survey_links.answer_survey_form(
            db, token_hash=passwords.hash_secret(token), given=given, now=moment
        )
    return answer(row, 201, {"Cache-Control": "no-store"})
