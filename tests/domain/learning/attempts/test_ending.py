"""Attempts that end by themselves, with the class in which they are made."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from app.database.pool import Pool
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.learning.answer_marks import AttemptUnderWay, list_attempt_answers
from app.domain.learning.test_attempts import AttemptOver, get_test_attempt
from app.domain.paging import PageRequest
from app.domain.training.activities import ACTIVITIES, WrongState
from app.request import Resources
from app.sql import Connection
from tests import make_tests as making
from tests.domain.credits.making import until_somebody_waits
from tests.domain.learning.test_test_attempts import outcome_of
from tests.make import NOW, City, make_city

PAGE = PageRequest(limit=100)
CLOSED = making.LONG_AGO + timedelta(hours=1)


async def end_class(db: Connection, activity_id: UUID, *, cancelled: bool = False) -> None:
    """Let the class be over, as its organiser leaves it."""
    state, closed_at = ("cancelled", None) if cancelled else ("closed", CLOSED)
    await db._driver.execute(
        "UPDATE activity SET state = $2, closed_at = $3 WHERE id = $1",
        activity_id,
        state,
        closed_at,
    )


@pytest.mark.parametrize("cancelled", [False, True])
async def test_an_attempt_without_a_time_limit_ends_with_its_class(
    db: Connection, city: City, cancelled: bool
) -> None:
    who = city.teacher_account
    test = await making.make_test(
        db, city, await making.make_bank(db, city, making.SINGLE), attempts_allowed=2
    )
    attempt = await making.start(db, who, test)
    await making.save(db, who, attempt, {1: {"choices": ["a"]}})
    assert (await get_test_attempt(db, who.actor, attempt_id=attempt["id"]))["state"] == "open"
    await end_class(db, test["activity_id"], cancelled=cancelled)
    with pytest.raises(AttemptOver):
        await making.save(db, who, attempt, {1: {"choices": ["b"]}}, revision=2)
    row = await making.hand_in(db, who, attempt)
    assert (row["handed_in_at"], row["state"], row["score"]) == (None, "marked", 2)
    assert await outcome_of(db, test, city) == [True, True]
    with pytest.raises(WrongState):  # and not the attempt that is over
        await making.start(db, who, test)


async def test_what_a_person_marks_waits_once_the_class_is_closed(
    db: Connection, city: City
) -> None:
    who, by = city.teacher_account, city.school_admin
    test = await making.make_test(db, city, await making.make_bank(db, city, making.FREE))
    attempt = await making.start(db, who, test)
    await making.save(db, who, attempt, {1: {"text": "你为什么这样想？"}})
    [answer] = (await list_attempt_answers(db, by.actor, test_id=test["id"], page=PAGE)).items
    with pytest.raises(AttemptUnderWay):
        await making.mark(db, by, answer, "9")
    waiting = TaskKind.ANSWERS_TO_MARK
    assert (await list_tasks(db, by.actor, page=PAGE, now=NOW, kind=waiting)).items == []
    await end_class(db, test["activity_id"])
    [task] = (await list_tasks(db, by.actor, page=PAGE, now=NOW, kind=waiting)).items
    assert (task["subject_id"], task["since"]) == (attempt["id"], CLOSED)
    await making.mark(db, by, answer, "9")
    row = await get_test_attempt(db, who.actor, attempt_id=attempt["id"])
    assert (row["state"], row["score"], row["passed"]) == ("marked", 9, True)


async def test_an_answer_comes_before_the_class_is_closed_or_is_refused(
    real_pool: Pool, resources: Resources
) -> None:
    """Whoever closes the class waits for an answer that is being saved, and settles with it."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        test = await making.make_test(db, city, await making.make_bank(db, city, making.SINGLE))
        attempt = await making.start(db, city.teacher_account, test)

    async def close() -> list[bool]:
        async with real_pool.transaction() as db:
            await ACTIVITIES.get(db, city.school_admin.actor, test["activity_id"], lock=True)
            await end_class(db, test["activity_id"])
            return await outcome_of(db, test, city)

    async with real_pool.transaction() as db:
        await making.save(db, city.teacher_account, attempt, {1: {"choices": ["a"]}})
        closing = asyncio.create_task(close())
        await until_somebody_waits(db)
    assert await closing == [True, True]
