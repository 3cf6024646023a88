import asyncio
from datetime import date, datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import bindparam, select
from sqlmodel import col

from app.database.pool import Pool
from app.domain.people.careers import (
    NewRank,
    Rank,
    RankNotLater,
    TeacherRank,
    change_rank,
    holds_on,
)
from app.domain.people.teachers import get_teacher, record_rank
from app.request import Resources
from app.sql import Connection, Statement
from tests.make import NOW, City, make_city

SENIOR = NewRank(rank=Rank.SENIOR, valid_from=date(2026, 9, 1))

HELD = Statement(
    select(col(TeacherRank.rank)).where(
        col(TeacherRank.teacher_id) == bindparam("teacher_id"),
        holds_on(TeacherRank, bindparam("day")),
    )
)


async def known_at(
    driver: asyncpg.Connection, city: City, moment: datetime
) -> list[tuple[str, date, date | None]]:
    """The career as it was known at a moment."""
    rows = await driver.fetch(
        "SELECT rank, valid_from, valid_to FROM teacher_rank WHERE teacher_id = $1"
        " AND recorded_at <= $2 AND (superseded_at IS NULL OR superseded_at > $2)"
        " ORDER BY valid_from",
        city.teacher["id"], moment,
    )  # fmt: skip
    return [tuple(row) for row in rows]


async def test_a_new_rank_ends_the_former_on_its_first_day(db: Connection, city: City) -> None:
    await change_rank(db, teacher_id=city.teacher["id"], new=SENIOR, now=NOW)
    for day, rank in (
        (date(2020, 8, 31), None),
        (date(2020, 9, 1), Rank.FIRST_GRADE),
        (date(2026, 8, 31), Rank.FIRST_GRADE),
        (date(2026, 9, 1), Rank.SENIOR),
        (date(2099, 1, 1), Rank.SENIOR),
    ):
        rows = await db.all(HELD, teacher_id=city.teacher["id"], day=day)
        assert [row["rank"] for row in rows] == ([rank] if rank else [])


async def test_what_was_known_before_can_still_be_told(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    entered = await driver.fetchval("SELECT max(recorded_at) FROM teacher_rank")
    learned = entered + timedelta(days=1)
    await change_rank(db, teacher_id=city.teacher["id"], new=SENIOR, now=learned)
    first = ("first_grade", date(2020, 9, 1))
    now_known = [(*first, date(2026, 9, 1)), ("senior", date(2026, 9, 1), None)]
    tick = timedelta(microseconds=1)
    assert await known_at(driver, city, entered - tick) == []
    assert await known_at(driver, city, entered) == [(*first, None)]
    assert await known_at(driver, city, learned - tick) == [(*first, None)]
    assert await known_at(driver, city, learned) == now_known
    assert await known_at(driver, city, learned + timedelta(days=999)) == now_known


@pytest.mark.parametrize("begins", [date(2020, 9, 1), date(2020, 8, 31)])
async def test_a_rank_begins_after_the_one_that_it_ends(
    driver: asyncpg.Connection, db: Connection, city: City, begins: date
) -> None:
    before = await driver.fetch("SELECT * FROM teacher_rank ORDER BY id")
    new = NewRank(rank=Rank.SENIOR, valid_from=begins)
    with pytest.raises(RankNotLater) as refused:
        await change_rank(db, teacher_id=city.teacher["id"], new=new, now=NOW)
    assert refused.value.details == {"current": "2020-09-01"}
    assert await driver.fetch("SELECT * FROM teacher_rank ORDER BY id") == before


async def test_nothing_that_was_known_can_be_overwritten(
    driver: asyncpg.Connection, city: City
) -> None:
    for forbidden in ("UPDATE teacher_rank SET rank = 'senior'", "DELETE FROM teacher_rank"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(forbidden)


async def test_of_two_new_ranks_at_once_the_second_sees_the_first(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    teacher_id = city.teacher["id"]

    async def promote(rank: Rank) -> Rank:
        async with real_pool.transaction() as db:
            new = NewRank(rank=rank, valid_from=date(2026, 9, 1))
            actor = city.school_admin.actor
            await record_rank(db, actor, teacher_id=teacher_id, new=new, now=NOW)
        return rank

    done = await asyncio.gather(
        promote(Rank.SENIOR), promote(Rank.PRINCIPAL_SENIOR), return_exceptions=True
    )
    (made,) = (each for each in done if isinstance(each, Rank))
    (refused,) = (each for each in done if not isinstance(each, Rank))
    assert isinstance(refused, RankNotLater)
    async with real_pool.connection() as db:
        shown = await get_teacher(db, city.school_admin.actor, teacher_id=teacher_id)
        assert shown["rank"] == made
        rows = await db.all(HELD, teacher_id=teacher_id, day=date(2026, 8, 31))
        assert [row["rank"] for row in rows] == ["first_grade"]
