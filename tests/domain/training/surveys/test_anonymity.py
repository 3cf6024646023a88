import asyncio
from datetime import timedelta
from typing import Any

import asyncpg

from app.database.pool import Pool
from app.domain.training.surveys import (
    SurveyAlreadyAnswered,
    close_due_surveys,
    close_survey,
    get_survey,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.training.surveys.asking import (
    answer,
)
from tests.make import (
    NOW,
    City,
    make_city,
)
from tests.make_needs import make_survey


async def test_one_teacher_answering_twice_at_once_answers_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        survey = await make_survey(db, city.school, city.school_admin)

    async def once() -> Any:
        async with real_pool.transaction() as db:
            return await answer(db, city.teacher_account, survey)

    found = await asyncio.gather(*(once() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(each, dict) for each in found) == 1
    assert sum(isinstance(each, SurveyAlreadyAnswered) for each in found) == 5
    async with real_pool.connection() as db:
        row = await get_survey(db, city.school_admin.actor, survey_id=survey["id"])
    assert row["responses"] == 1


async def test_an_answer_waits_for_nobody_who_answers_and_never_comes_after_the_closing(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        survey = await make_survey(db, city.school, city.school_admin)
    async with real_pool.transaction() as first:
        await answer(first, city.teacher_account, survey)
        async with real_pool.transaction() as second:
            await asyncio.wait_for(answer(second, city.colleague_account, survey), 5)

        async def close() -> Row:
            async with real_pool.transaction() as db:
                actor = city.school_admin.actor
                return await close_survey(db, actor, survey_id=survey["id"], now=NOW)

        closing = asyncio.create_task(close())
        await asyncio.sleep(0.2)
        assert not closing.done(), "it waits for who is answering"
    assert (await closing)["responses"] == 2


# Anonymity.


async def test_nothing_leads_from_an_answer_to_who_gave_it(
    real_pool: Pool, resources: Resources, urls: Any
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        survey = await make_survey(db, city.school, city.school_admin)
    for person in (city.teacher_account, city.colleague_account):
        async with real_pool.transaction() as db:
            await answer(db, person, survey)
    async with real_pool.transaction() as db:
        await close_survey(db, city.school_admin.actor, survey_id=survey["id"], now=NOW)
    owner = await asyncpg.connect(urls.owner)
    try:
        rows = await owner.fetch("SELECT xmin::text AS wrote, * FROM survey_response")
        receipts = await owner.fetch("SELECT xmin::text AS wrote, * FROM survey_receipt")
        acts = await owner.fetch("SELECT table_name FROM audit_change")
    finally:
        await owner.close()
    assert len(rows) == len(receipts) == 2
    assert {row["wrote"] for row in rows}.isdisjoint(row["wrote"] for row in receipts)
    assert len({row["wrote"] for row in rows}) == 1, "one transaction has written all"
    assert {row["id"].version for row in rows} == {4}, "a key made in time would tell the order"
    for row in rows:
        assert (row["teacher_id"], row["of_school_id"], row["strata"]) == (None, None, "{}")
    assert set(receipts[0].keys()) == {"wrote", "survey_id", "teacher_id", "answered_on"}
    touched = {row["table_name"] for row in acts}
    assert touched.isdisjoint({"survey_response", "survey_receipt"})


async def test_an_answer_keeps_what_the_breakdowns_ask_and_a_named_one_its_teacher(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    asked = ["school", "subject", "rank", "post", "layer", "category", "stage"]
    named = await make_survey(db, city.school, city.school_admin, breakdowns=asked, anonymous=False)
    secret = await make_survey(db, city.school, city.school_admin, breakdowns=["rank"])
    for survey in (named, secret):
        await answer(db, city.teacher_account, survey)
    rows = {row["survey_id"]: row for row in await driver.fetch("SELECT * FROM survey_response")}
    row = rows[named["id"]]
    assert (row["teacher_id"], row["of_school_id"]) == (city.teacher["id"], city.school["id"])
    assert row["strata"] == {
        "stage": ["primary"],
        "subject": ["chinese"],
        "rank": ["first_grade"],
        "post": ["teacher"],
        "layer": ["mature_teacher", "junior_or_middle_rank"],
        "category": ["degree_study"],
    }
    row = rows[secret["id"]]
    assert (row["teacher_id"], row["of_school_id"]) == (None, None)
    assert row["strata"] == {"rank": ["first_grade"]}


async def test_what_is_over_is_closed_and_mixed_by_itself(db: Connection, city: City) -> None:
    survey = await make_survey(db, city.school, city.school_admin)
    await answer(db, city.teacher_account, survey)
    assert await close_due_surveys(db, now=NOW) == 0
    later = NOW + timedelta(days=1)
    assert await close_due_surveys(db, now=later) == 1
    row = await get_survey(db, city.school_admin.actor, survey_id=survey["id"])
    assert (row["state"], row["closed_at"], row["responses"]) == ("closed", later, 1)
