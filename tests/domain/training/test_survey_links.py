import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.survey_links import (
    FormAnswers,
    LinkOutsideAudience,
    NewSurveyLink,
    SharedLinkOfOne,
    StageNotTaught,
    SurveyFormNotFound,
    SurveyLinkNotFound,
    SurveyNotAnonymous,
    answer_survey_form,
    create_survey_link,
    get_survey_form,
    list_survey_links,
    revoke_survey_link,
    survey_links_of,
)
from app.domain.training.surveys import (
    AnswerMissing,
    SurveyAlreadyAnswered,
    SurveyChanges,
    SurveyNotFound,
    SurveyNotOpen,
    SurveyState,
    SurveyWrongState,
    get_survey,
    open_survey,
    update_survey,
)
from app.request import Resources
from app.security.passwords import hash_secret
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_city
from tests.make_needs import make_link, make_survey

PAGE = PageRequest(limit=100)


def form(**more: Any) -> FormAnswers:
    return FormAnswers.model_validate(
        {"submission": str(uuid4()), "answers": [{"question": "form", "choices": ["lecture"]}]}
        | more
    )


async def fill_in(db: Connection, token: str, given: FormAnswers | None = None) -> Row:
    return await answer_survey_form(
        db, token_hash=hash_secret(token), given=given or form(), now=NOW
    )


async def make_new(
    db: Connection, person: Person, survey: Row, school: Row, *tokens: str, kind: str = "single"
) -> Row:
    new = NewSurveyLink.model_validate(
        {"school_id": school["id"], "kind": kind, "tokens": len(tokens)}
    )
    secrets = {token: hash_secret(token) for token in tokens}
    return await create_survey_link(
        db, person.actor, survey_id=survey["id"], new=new, secrets=secrets, now=NOW
    )


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


async def test_a_parent_answers_once_by_a_single_token(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    survey = await make_survey(
        db, city.county, city.county_admin, breakdowns=["school", "stage", "rank"]
    )
    made = await make_new(db, city.county_admin, survey, city.school, "one", "two")
    assert (made["issued"], made["tokens"], made["revoked_at"]) == (["one", "two"], 2, None)
    shown = await get_survey_form(db, token_hash=hash_secret("one"), now=NOW)
    assert (shown["title"], shown["school"], shown["stages"]) == (
        "研训需求调查", "甲县第一小学", ["primary"],
    )  # fmt: skip
    assert set(shown) == {"title", "introduction", "school", "stages", "closes_at", "questions"}
    await refused(db, StageNotTaught, fill_in(db, "one", form(stage="senior_secondary")))
    await refused(db, AnswerMissing, fill_in(db, "one", form(answers=[])))
    assert await fill_in(db, "one", form(stage="primary")) == {"received": True}
    await refused(db, SurveyFormNotFound, fill_in(db, "one"))
    await fill_in(db, "two")
    rows = await driver.fetch("SELECT * FROM survey_response")
    assert sorted(len(row["strata"]) for row in rows) == [0, 1]
    assert {"stage": ["primary"]} in [row["strata"] for row in rows]
    assert {row["of_school_id"] for row in rows} == {city.school["id"]}
    assert {row["teacher_id"] for row in rows} == {None}
    assert await driver.fetchval("SELECT count(*) FROM survey_token") == 0


async def test_a_shared_link_takes_the_same_form_once(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.school, city.school_admin)
    await make_new(db, city.school_admin, survey, city.school, "all", kind="shared")
    sent = form()
    await fill_in(db, "all", sent)
    await refused(db, SurveyAlreadyAnswered, fill_in(db, "all", sent))
    await fill_in(db, "all")
    row = await get_survey(db, city.school_admin.actor, survey_id=survey["id"])
    assert row["responses"] == 2


async def test_a_link_is_for_a_school_that_the_survey_is_for(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.county, city.county_admin, city.school)
    for school in (city.sibling, city.far_school, city.county):
        await refused(db, LinkOutsideAudience, make_new(db, city.county_admin, survey, school, "t"))
    two = make_new(db, city.county_admin, survey, city.school, "a", "b", kind="shared")
    await refused(db, SharedLinkOfOne, two)
    named = await make_survey(db, city.county, city.county_admin, anonymous=False)
    await refused(db, SurveyNotAnonymous, make_new(db, city.county_admin, named, city.school, "t"))
    over = await make_survey(db, city.county, city.county_admin, state=SurveyState.CLOSED)
    await refused(db, SurveyWrongState, make_new(db, city.county_admin, over, city.school, "t"))
    # A school that a survey of its county is for sees it, and makes no links for it.
    await refused(db, NotAllowed, make_new(db, city.school_admin, survey, city.school, "t"))
    hidden = make_new(db, city.other_county_admin, survey, city.school, "t")
    await refused(db, SurveyNotFound, hidden)


async def test_a_revoked_link_an_unknown_token_and_a_closed_survey_tell_nothing(
    db: Connection, city: City
) -> None:
    survey = await make_survey(db, city.school, city.school_admin)
    made = await make_link(db, survey, city.school, city.school_admin, "gone")
    closed = await make_survey(db, city.school, city.school_admin, state=SurveyState.CLOSED)
    await make_link(db, closed, city.school, city.school_admin, "over")
    early = await make_survey(db, city.school, city.school_admin, opens_at=NOW + timedelta(hours=1))
    await make_link(db, early, city.school, city.school_admin, "early")
    revoked = await revoke_survey_link(db, city.school_admin.actor, link_id=made["id"], now=NOW)
    assert revoked["revoked_at"] == NOW
    for token in ("gone", "over", "never"):
        await refused(db, SurveyFormNotFound, fill_in(db, token))
        with pytest.raises(SurveyFormNotFound):
            await get_survey_form(db, token_hash=hash_secret(token), now=NOW)
    await refused(db, SurveyNotOpen, fill_in(db, "early"))
    again = await revoke_survey_link(
        db, city.school_admin.actor, link_id=made["id"], now=NOW + timedelta(hours=1)
    )
    assert again == revoked
    for person, refusal in (
        (city.sibling_admin, SurveyLinkNotFound), (city.auditor, NotAllowed),
    ):  # fmt: skip
        await refused(
            db, refusal, revoke_survey_link(db, person.actor, link_id=made["id"], now=NOW)
        )


async def test_a_survey_that_becomes_named_takes_nothing_by_its_links(
    db: Connection, city: City
) -> None:
    actor = city.school_admin.actor
    survey = await make_survey(db, city.school, city.school_admin, state=SurveyState.DRAFT)
    await make_link(db, survey, city.school, city.school_admin, "token")
    await update_survey(db, actor, survey_id=survey["id"], changes=SurveyChanges(anonymous=False))
    await open_survey(db, actor, survey_id=survey["id"], now=NOW)
    with pytest.raises(SurveyFormNotFound):
        await fill_in(db, "token")
    with pytest.raises(SurveyFormNotFound):
        await get_survey_form(db, token_hash=hash_secret("token"), now=NOW)


async def test_links_are_listed_without_their_tokens(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.county, city.county_admin)
    other = await make_survey(db, city.county, city.county_admin)
    made = await make_link(db, survey, city.school, city.county_admin, "x", "y")
    page = await list_survey_links(db, city.county_admin.actor, survey_id=survey["id"], page=PAGE)
    assert [(row["id"], row["tokens"]) for row in page.items] == [(made["id"], 2)]
    assert "x" not in {str(value) for value in page.items[0].values()}
    with pytest.raises(NotAllowed):
        await list_survey_links(db, city.school_admin.actor, survey_id=survey["id"], page=PAGE)
    before = db.statements
    ids: list[UUID] = [survey["id"], other["id"]]
    found = await survey_links_of(db, city.county_admin.actor, survey_ids=ids, page=PAGE)
    assert [len(found[key].items) for key in ids] == [1, 0]
    assert db.statements - before == 1


async def test_two_with_one_token_at_once_answer_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        survey = await make_survey(db, city.school, city.school_admin)
        await make_link(db, survey, city.school, city.school_admin, "only")

    async def once() -> Any:
        async with real_pool.transaction() as db:
            return await fill_in(db, "only")

    found = await asyncio.gather(*(once() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(each, dict) for each in found) == 1
    assert sum(isinstance(each, SurveyFormNotFound) for each in found) == 5
