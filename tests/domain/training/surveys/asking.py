"""Asking and answering, as the tests of surveys do it."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError
from app.domain.paging import PageRequest
from app.domain.training.surveys import (
    NewQuestion,
    NewSurvey,
    ResultScope,
    SurveyAnswers,
    answer_survey,
    get_survey_results,
)
from app.sql import Connection, Row
from tests.make import (
    NOW,
    Person,
)
from tests.make_needs import CHOICE

PAGE = PageRequest(limit=100)
ANSWERS = SurveyAnswers.model_validate(
    {
        "answers": [
            {"question": "form", "choices": ["lesson"]},
            {"question": "advice", "text": "多观课"},
        ]
    }
)


def a_survey(**more: Any) -> NewSurvey:
    return NewSurvey.model_validate(
        {
            "purpose": "needs",
            "title": "秋季研训需求调查",
            "opens_at": NOW - timedelta(hours=1),
            "closes_at": NOW + timedelta(days=7),
            "questions": [{key: CHOICE[key] for key in ("code", "kind", "text", "options")}],
        }
        | more
    )


async def answer(db: Connection, person: Person, survey: Row, **at: Any) -> Row:
    return await answer_survey(
        db, person.actor, survey_id=survey["id"], given=ANSWERS, now=at.get("now", NOW)
    )


async def results(
    db: Connection, person: Person, survey: Row, scope: ResultScope | None = None
) -> Row:
    return await get_survey_results(db, person.actor, survey_id=survey["id"], scope=scope)


async def refused(db: Connection, refusal: type[DomainError], awaitable: Any) -> None:
    with pytest.raises(refusal):
        async with db.transaction():
            await awaitable


def question(**given: Any) -> NewQuestion:
    return NewQuestion.model_validate({"code": "q", "text": "题目", "kind": "text"} | given)


TWO = [{"code": "a", "text": "甲"}, {"code": "b", "text": "乙"}]
