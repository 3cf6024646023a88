import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.attempts import TooManyAttempts, count_attempt, tidy_attempts
from app.sql import Connection
from tests.make import NOW

EVERY = timedelta(seconds=10)


async def attempt(db: Connection, key: bytes = b"somebody", now: datetime = NOW) -> bool:
    try:
        await count_attempt(db, key=key, at_once=3, every=EVERY, now=now)
    except TooManyAttempts:
        return False
    return True


async def test_so_many_at_once_and_then_one_after_the_other(db: Connection) -> None:
    assert [await attempt(db) for _ in range(5)] == [True, True, True, False, False]
    soon = NOW + EVERY
    assert [await attempt(db, now=soon) for _ in range(2)] == [True, False]
    much_later = NOW + 100 * EVERY
    assert [await attempt(db, now=much_later) for _ in range(4)] == [True, True, True, False]


async def test_everybody_is_counted_for_themselves(db: Connection) -> None:
    assert [await attempt(db) for _ in range(4)].count(True) == 3
    assert await attempt(db, b"another")


async def test_whoever_waits_as_long_as_told_is_let_in(db: Connection) -> None:
    for _ in range(3):
        await attempt(db)
    with pytest.raises(TooManyAttempts) as refused:
        await count_attempt(db, key=b"somebody", at_once=3, every=EVERY, now=NOW)
    wait = refused.value.details["retry_after"]
    assert await attempt(db, now=NOW + timedelta(seconds=wait))


async def test_one_statement_for_an_attempt(db: Connection) -> None:
    before = db.statements
    await attempt(db)
    assert db.statements == before + 1


async def test_all_processes_count_together(real_pool: Pool) -> None:
    async def one() -> bool:
        async with real_pool.connection() as db:
            return await attempt(db)

    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 3


async def test_what_has_run_out_is_forgotten(db: Connection, driver: asyncpg.Connection) -> None:
    await attempt(db)
    await tidy_attempts(db, now=NOW + EVERY)
    assert await driver.fetchval("SELECT count(*) FROM attempt") == 1
    await tidy_attempts(db, now=NOW + EVERY + timedelta(microseconds=1))
    assert await driver.fetchval("SELECT count(*) FROM attempt") == 0


async def test_the_table_is_lost_with_a_crash_and_costs_no_disk(
    driver: asyncpg.Connection,
) -> None:
    kept = "SELECT relpersistence::text FROM pg_class WHERE relname = 'attempt'"
    assert await driver.fetchval(kept) == "u"
