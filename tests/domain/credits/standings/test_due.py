import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Uuid, bindparam, func, select, text, true, update
from sqlmodel import col

from app.database.pool import Pool
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.recognition import recognise_activity
from app.domain.credits.standings import Standing, due
from app.domain.credits.standings.due import (
    FIRST,
    Part,
    count_part,
    rebuild_standings,
    recount_due,
    retry_failures,
)
from app.domain.credits.standings.facts import facts_version
from app.domain.credits.standings.failures import forget_failures, list_recount_failures, set_aside
from app.domain.credits.standings.writing import count_again, lock_schools
from app.domain.credits.verification import verify_ledger
from app.domain.people.careers import NewRank, Rank, record_fact
from app.domain.people.facts.ranks import RANK
from app.domain.people.teachers import Teacher
from app.request import Resources
from app.sql import Connection, Statement
from tests.domain.credits.making import (
    make_closed_activity,
    make_pack,
    make_recognised,
    until_somebody_waits,
)
from tests.make import NOW, TODAY, City, make_attendance, make_city, make_teacher
from tests.make_programmes import agree, make_merger

HOUR = timedelta(hours=1)
STORED = Statement(
    select(
        col(Standing.verdict_until), col(Standing.facts_version), facts_version().label("version")
    )
    .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
    .where(col(Standing.teacher_id) == bindparam("teacher_id", type_=Uuid))
)
AT_ONCE = Statement(select(func.set_config("lock_timeout", "1s", true())))
FALL_DUE = Statement(update(Standing).values(verdict_until=TODAY))


async def counted(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    activity = await make_closed_activity(db, city.school, city.school_admin)
    [session] = activity["sessions"]
    await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    done = await recognise_activity(
        db, city.county_admin.actor, activity_id=activity["id"], now=NOW
    )
    assert done["entered"] == 2


async def test_nothing_is_due_right_after_an_entry(db: Connection, city: City) -> None:
    await counted(db, city)
    assert (await recount_due(db, now=NOW, at_most=100)).counted == 0


async def test_a_new_rank_makes_the_stored_verdict_due_and_a_recount_settles_it(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    new = NewRank(rank=Rank.SENIOR, valid_from=date(2026, 11, 1))
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]
    await record_fact(db, actor, kind=RANK, teacher_id=teacher_id, new=new, now=NOW)
    assert (await recount_due(db, now=NOW, at_most=100)).counted == 1
    [stored] = await db.all(STORED, teacher_id=city.teacher["id"])
    assert stored["facts_version"] == stored["version"]
    assert (await recount_due(db, now=NOW, at_most=100)).counted == 0


async def test_a_change_that_is_committed_late_under_an_earlier_number_makes_the_verdict_due(
    real_pool: Pool, resources: Resources
) -> None:
    """The teacher is changed first, and committed after the school was changed and all was counted."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await counted(db, city)
    new = NewRank(rank=Rank.SENIOR, valid_from=date(2026, 11, 1))
    async with real_pool.transaction() as late:
        who = {"teacher_id": city.teacher["id"], "new": new, "now": NOW}
        await record_fact(late, city.school_admin.actor, kind=RANK, **who)
        async with real_pool.transaction() as db:
            named = "UPDATE unit SET stages = stages WHERE id = $1"
            await db._driver.execute(named, city.school["id"])
            assert (await recount_due(db, now=NOW, at_most=9)).counted == 2
    async with real_pool.transaction() as db:
        assert (await recount_due(db, now=NOW, at_most=9)).counted == 1


async def test_a_day_that_comes_makes_verdicts_due_a_few_at_a_time(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    await db.run(FALL_DUE)
    assert (await recount_due(db, now=NOW, at_most=1)).counted == 1
    assert (await recount_due(db, now=NOW, at_most=1)).counted == 1
    assert (await recount_due(db, now=NOW, at_most=1)).counted == 0
    [stored] = await db.all(STORED, teacher_id=city.colleague["id"])
    assert stored["verdict_until"] > TODAY


async def test_all_standings_are_rebuilt_from_the_ledger(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """What somebody wrote into them by hand is gone, and so is what nobody has counted yet."""
    await make_pack(db, city.city)
    people = [city.teacher, city.colleague, city.sibling_teacher]
    await make_recognised(db, city.school, city.county_admin, people)
    await driver.execute("UPDATE standing SET counted_credits = 99, entries = 7")
    after, counted = FIRST, 0
    while True:
        part = await rebuild_standings(db, after=after, now=NOW, at_most=2)
        if part.last is None:
            break
        after, counted = part.last, counted + part.counted
    assert counted == 3
    assert (await verify_ledger(db)).finding is None


async def test_whoever_cannot_be_counted_is_set_aside_and_tried_again(
    db: Connection, driver: asyncpg.Connection, city: City, caplog: pytest.LogCaptureFixture
) -> None:
    """A standing under a pack that there is not; the other one is counted all the same."""
    await counted(db, city)
    await db.run(FALL_DUE)
    key = city.colleague["id"]
    broken = "UPDATE standing SET pack_version = $2 WHERE teacher_id = $1"
    await driver.execute(broken, key, 99)
    assert (await recount_due(db, now=NOW, at_most=9)).counted == 1
    [failure] = await list_recount_failures(db)
    told = ("teacher_id", "failed_at", "tries", "due_at", "problem", "school")
    assert [failure[name] for name in told] == [
        key, NOW, 1, NOW + HOUR, "LookupError", city.school["name"],
    ]  # fmt: skip
    assert f"the standings of {key} cannot be counted" in caplog.text
    assert await recount_due(db, now=NOW, at_most=9) == Part(0, None)
    assert await retry_failures(db, now=NOW, at_most=9) == 0
    for hours, tries, wait in ((1, 2, 2), (3, 3, 4), (99, 4, 8), (200, 5, 16), (300, 6, 24)):
        moment = NOW + hours * HOUR
        assert await retry_failures(db, now=moment, at_most=9) == 0
        [failure] = await list_recount_failures(db)
        assert (failure["tries"], failure["due_at"]) == (tries, moment + wait * HOUR)
    await driver.execute(broken, key, 1)
    assert await retry_failures(db, now=NOW + 400 * HOUR, at_most=9) == 1
    assert await list_recount_failures(db) == []
    assert await recount_due(db, now=NOW, at_most=9) == Part(0, None)
    assert (await verify_ledger(db)).finding is None


async def test_two_processes_judge_different_people(real_pool: Pool, resources: Resources) -> None:
    """Neither waits for the other, nor counts whom the other holds."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        people = [city.teacher, city.far_teacher]
        await make_recognised(db, city.city, city.city_admin, people)
        await db.run(FALL_DUE)
    async with real_pool.transaction() as one, real_pool.transaction() as other:
        first = await recount_due(one, now=NOW, at_most=1)
        both = await recount_due(other, now=NOW, at_most=9)
        assert (first.counted, both.counted) == (1, 1)
        assert first.last is not None
        assert both.last is not None
        assert first.last < both.last
    async with real_pool.transaction() as db:
        assert await recount_due(db, now=NOW, at_most=9) == Part(0, None)


async def test_whoever_is_tried_again_keeps_nobody_waiting_who_counts_the_person(
    real_pool: Pool, resources: Resources
) -> None:
    """One holds the person's chain and has counted; the other has just looked whose time has come."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await counted(db, city)
        key = city.teacher["id"]
        await set_aside(db, failed={key: ValueError()}, now=NOW)
    async with real_pool.transaction() as one, real_pool.transaction() as other:
        await lock_heads(one, teacher_ids=[key])
        assert await retry_failures(other, now=NOW + HOUR, at_most=9) == 0
        await one.value(AT_ONCE)
        await forget_failures(one, teacher_ids=[key])


async def test_whoever_is_merged_while_somebody_waits_gets_no_standing_again(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    merged = city.colleague["id"]
    merger = await make_merger(db, city.teacher, city.colleague, city.county_admin)
    await agree(db, city.city_admin, merger)
    assert (await count_part(db, teacher_ids=[merged], now=NOW)).counted == 0
    assert await db.all(STORED, teacher_id=merged) == []


async def test_what_the_database_cannot_answer_sets_nobody_aside(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await counted(db, city)
    await db.run(FALL_DUE)
    savepoint = driver.transaction()
    await savepoint.start()
    await driver.execute("SET LOCAL transaction_read_only = on")
    with pytest.raises(asyncpg.PostgresError):
        await recount_due(db, now=NOW, at_most=9)
    await savepoint.rollback()
    assert await list_recount_failures(db) == []


@pytest.mark.parametrize(
    "condition",
    ["unique_violation", "foreign_key_violation", "exclusion_violation", "raise_exception"],
)
async def test_what_the_database_refuses_of_one_person_keeps_no_other_waiting(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch, condition: str
) -> None:
    """A constraint or a trigger has something against one standing: the others are counted."""
    await counted(db, city)
    await db.run(FALL_DUE)
    refuse = Statement(
        text(f"DO $$BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{condition}'; END$$")
    )
    poison = city.colleague["id"]

    async def count(db: Connection, *, people: Mapping[UUID, Any], **rest: Any) -> None:
        await count_again(db, people=people, **rest)
        if poison in people:
            await db.value(refuse)

    monkeypatch.setattr(due, "count_again", count)
    assert (await recount_due(db, now=NOW, at_most=9)).counted == 1
    [failure] = await list_recount_failures(db)
    assert failure["teacher_id"] == poison
    [stored] = await db.all(STORED, teacher_id=poison)
    assert stored["verdict_until"] == TODAY, "nothing of it was written"


async def test_one_by_one_they_wait_for_their_schools_in_order(
    real_pool: Pool, resources: Resources
) -> None:
    """The keys of the people are in another order than those of their schools."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city)
        late = await make_teacher(db, resources.cipher, city.school, "测试己")
        people = [city.teacher, city.sibling_teacher, late]
        assert (city.school["id"], city.sibling_teacher["id"]) < (city.sibling["id"], late["id"])
        await make_recognised(db, city.school, city.county_admin, people)
        broken = update(Standing).where(col(Standing.teacher_id) == city.teacher["id"])
        await db.run(Statement(broken.values(pack_version=99)))

    async def count() -> int:
        keys = sorted(each["id"] for each in people)
        async with real_pool.transaction() as db:
            return (await count_part(db, teacher_ids=keys, now=NOW)).counted

    async with real_pool.transaction() as other:
        await lock_schools(other, school_ids=[city.school["id"]])
        counting = asyncio.create_task(count())
        await until_somebody_waits(other)
        await other.value(AT_ONCE)
        await lock_schools(other, school_ids=[city.sibling["id"]])
    assert await counting == 2
