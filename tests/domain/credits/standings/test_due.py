from datetime import date

import asyncpg
from sqlalchemy import Uuid, bindparam, select, update
from sqlmodel import col

from app.domain.credits.recognition import recognise_activity
from app.domain.credits.standings import Standing
from app.domain.credits.standings.due import FIRST, rebuild_standings, recount_due
from app.domain.credits.verification import verify_ledger
from app.domain.people.careers import NewRank, Rank, record_fact
from app.domain.people.facts.ranks import RANK
from app.domain.people.teachers import Teacher
from app.sql import Connection, Statement
from tests.domain.credits.making import make_closed_activity, make_pack, make_recognised
from tests.make import NOW, TODAY, City, make_attendance

STORED = Statement(
    select(col(Standing.verdict_until), col(Standing.facts_version), col(Teacher.change_sequence))
    .join(Teacher, col(Teacher.id) == col(Standing.teacher_id))
    .where(col(Standing.teacher_id) == bindparam("teacher_id", type_=Uuid))
)
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
    assert await recount_due(db, day=TODAY, at_most=100) == 0


async def test_a_new_rank_makes_the_stored_verdict_due_and_a_recount_settles_it(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    new = NewRank(rank=Rank.SENIOR, valid_from=date(2026, 11, 1))
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]
    await record_fact(db, actor, kind=RANK, teacher_id=teacher_id, new=new, now=NOW)
    assert await recount_due(db, day=TODAY, at_most=100) == 1
    [stored] = await db.all(STORED, teacher_id=city.teacher["id"])
    assert stored["facts_version"] == stored["change_sequence"]
    assert await recount_due(db, day=TODAY, at_most=100) == 0


async def test_a_day_that_comes_makes_verdicts_due_a_few_at_a_time(
    db: Connection, city: City
) -> None:
    await counted(db, city)
    await db.run(FALL_DUE)
    assert await recount_due(db, day=TODAY, at_most=1) == 1
    assert await recount_due(db, day=TODAY, at_most=1) == 1
    assert await recount_due(db, day=TODAY, at_most=1) == 0
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
        last, done = await rebuild_standings(db, after=after, day=TODAY, at_most=2)
        if last is None:
            break
        after, counted = last, counted + done
    assert counted == 3
    assert (await verify_ledger(db)).finding is None
