"""Human reviews: asked by the person, decided once by the bureau, with reasons."""

import asyncio
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.credits.entries import EntryNotFound
from app.domain.credits.human_reviews import (
    HumanReviewDecided,
    HumanReviewNotFound,
    HumanReviewOfOneself,
    HumanReviewOpen,
    NewHumanReview,
    ReviewDecision,
    decide_human_review,
    list_human_reviews,
    request_human_review,
    withdraw_human_review,
)
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.reversals import NewEntryCorrection, correct_entry
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.making import attend, make_closed_activity, make_pack, make_recognised
from tests.make import NOW, City, Person, make_city
from tests.make_claims import make_human_review

FOUND = ReviewDecision(put_right=True, opinion="签到记录有误，将更正后重新认定")


async def ask(db: Connection, by: Person, **about: Any) -> Row:
    new = NewHumanReview(reason="本人全程参加", **about)
    return await request_human_review(db, by.actor, new=new, now=NOW)


async def test_an_entry_and_an_outcome_are_put_to_a_human(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    teacher = city.teacher_account
    review = await ask(db, teacher, entry_id=entry_id)
    with pytest.raises(HumanReviewOpen):
        async with driver.transaction():
            await ask(db, teacher, entry_id=entry_id)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    await attend(db, activity, [city.teacher], status="absent")
    other = await ask(db, teacher, activity_id=activity["id"])
    for refusal, about in (
        (EntryNotFound, {"entry_id": entry_id}),
        (ActivityNotFound, {"activity_id": activity["id"]}),
    ):
        with pytest.raises(refusal):
            await ask(db, city.colleague_account, **about)
    with pytest.raises(NotAllowed):
        await ask(db, city.school_admin, entry_id=entry_id)
    with pytest.raises(ValidationError):
        NewHumanReview(reason="两者皆无")
    actor = city.county_admin.actor
    decided = await decide_human_review(db, actor, review_id=review["id"], decision=FOUND, now=NOW)
    assert (decided["state"], decided["opinion"]) == ("put_right", FOUND.opinion)
    with pytest.raises(HumanReviewDecided):
        await decide_human_review(db, actor, review_id=review["id"], decision=FOUND, now=NOW)
    withdrawn = await withdraw_human_review(db, teacher.actor, review_id=other["id"], now=NOW)
    assert withdrawn["state"] == "withdrawn"
    page = await list_human_reviews(db, actor, page=PageRequest(limit=10))
    assert len(page.items) == 2


async def test_what_is_to_be_put_right_is_done_once_the_ledger_says_so(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.school, city.county_admin, [city.teacher])
    missed = await make_closed_activity(db, city.school, city.school_admin)
    entry_id = await driver.fetchval("SELECT id FROM credit_entry")
    actor = city.county_admin.actor
    about_entry = await ask(db, city.teacher_account, entry_id=entry_id)
    about_activity = await make_human_review(db, city.teacher, missed)

    async def done() -> list[Any]:
        rows = (await list_human_reviews(db, actor, page=PageRequest())).items
        return [row["done"] for row in rows]

    assert await done() == [None, None]
    for review in (about_entry, about_activity):
        await decide_human_review(db, actor, review_id=review["id"], decision=FOUND, now=NOW)
    assert await done() == [False, False]
    right = NewEntryCorrection(hours=Decimal("4.00"), reason="按复核意见更正")
    await correct_entry(db, actor, entry_id=entry_id, new=right, now=NOW)
    assert await done() == [True, False]
    await attend(db, missed, [city.teacher])
    await recognise_activity(db, actor, activity_id=missed["id"], now=NOW)
    assert await done() == [True, True]


async def test_who_may_decide(db: Connection, driver: asyncpg.Connection, city: City) -> None:
    activity = await make_closed_activity(db, city.school, city.school_admin)
    review = await make_human_review(db, city.teacher, activity)
    for person, refusal in (
        (city.school_admin, NotAllowed),
        (city.auditor, NotAllowed),
        (city.other_county_admin, HumanReviewNotFound),
        (city.colleague_account, HumanReviewNotFound),
    ):
        with pytest.raises(refusal):
            await decide_human_review(
                db, person.actor, review_id=review["id"], decision=FOUND, now=NOW
            )
    own = type(city.county_admin.actor)(
        account_id=city.county_admin.actor.account_id,
        grants=city.county_admin.actor.grants,
        teacher_id=city.teacher["id"],
    )
    with pytest.raises(HumanReviewOfOneself):
        await decide_human_review(db, own, review_id=review["id"], decision=FOUND, now=NOW)
    assert await driver.fetchval("SELECT state FROM human_review") == "asked"


async def test_of_two_the_second_is_told(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_closed_activity(db, city.school, city.school_admin)
        review = await make_human_review(db, city.teacher, activity)

    async def race() -> str:
        async with real_pool.transaction() as db:
            try:
                await decide_human_review(
                    db, city.county_admin.actor, review_id=review["id"], decision=FOUND, now=NOW
                )
            except HumanReviewDecided as refusal:
                return refusal.code
        return "decided"

    outcomes = await asyncio.gather(*(race() for _ in range(6)))
    assert sorted(outcomes) == ["decided"] + ["human_review_decided"] * 5
