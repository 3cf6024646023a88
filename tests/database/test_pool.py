"""The pool: who waits, what is used again, and what never is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from app.database import pool as pools
from app.database.embedded import Urls
from app.database.pool import DatabaseUnavailable, Pool, PoolExhausted
from app.request.refusals import refusal_of_database
from app.sql import Connection
from prove.proxy import Proxy


@pytest.fixture
async def pool(urls: Urls) -> AsyncIterator[Pool]:
    """Two connections, for which nobody waits long."""
    opened = await Pool.open(urls.application, size=2, patience=0.2, statement_timeout=30)
    yield opened
    await opened.close()


def backend(db: Connection) -> int:
    return int(db._driver.get_server_pid())


async def used(pool: Pool) -> int:
    """The backend of the connection that is used next."""
    async with pool.connection() as db:
        return backend(db)


async def test_the_connection_that_was_used_last_is_used_next(pool: Pool) -> None:
    async with pool.connection() as one, pool.connection() as other:
        assert backend(one) != backend(other)
    assert [await used(pool) for _ in range(3)] == [backend(one)] * 3


async def test_who_finds_all_in_use_waits_and_not_for_ever(pool: Pool) -> None:
    async with pool.connection(), pool.connection():
        with pytest.raises(PoolExhausted):
            await used(pool)
    assert await used(pool)


async def test_those_who_wait_are_served_in_turn(pool: Pool) -> None:
    served: list[int] = []

    async def wait(number: int) -> None:
        async with pool.connection():
            served.append(number)

    async with pool.connection(), pool.connection():
        waiting = [asyncio.create_task(wait(number)) for number in range(5)]
        await asyncio.sleep(0.01)
        waiting[1].cancel()
        await asyncio.sleep(0.01)
    await asyncio.gather(*waiting, return_exceptions=True)
    assert served == [0, 2, 3, 4]
    async with pool.connection(), pool.connection():
        pass


async def test_a_transaction_is_committed_or_undone(pool: Pool) -> None:
    async with pool.transaction(read_only=True) as db:
        said = [
            await db._driver.fetchval(f"SHOW {name}")
            for name in ("transaction_read_only", "transaction_isolation")
        ]
    assert said == ["on", "repeatable read"]

    async def fail() -> None:
        async with pool.transaction() as db:
            await db._driver.execute("SELECT set_config('yanxun.tried', 'yes', false)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with pool.connection() as db:
        assert await db._driver.fetchval("SELECT current_setting('yanxun.tried', true)") != "yes"
    assert len(pool._open) == 1


async def test_what_was_left_within_a_transaction_is_not_used_again(pool: Pool) -> None:
    async with pool.connection() as db:
        before = backend(db)
        await db._driver.execute("BEGIN")
    assert await used(pool) != before


async def test_what_somebody_stopped_waiting_for_is_not_used_again(pool: Pool) -> None:
    asked: list[int] = []

    async def ask(opened: AbstractAsyncContextManager[Connection]) -> None:
        async with opened as db:
            asked.append(backend(db))
            await db._driver.execute("SELECT pg_sleep(30)")

    for opened in (pool.connection(), pool.transaction()):
        task = asyncio.create_task(ask(opened))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with pool.connection() as one, pool.connection() as other:
        assert {backend(one), backend(other)}.isdisjoint(asked)
    assert len(asked) == 2


async def test_what_was_idle_for_long_is_not_used_again(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await used(pool)
    monkeypatch.setattr(pools, "LONGEST_IDLE", 0.0)
    assert await used(pool) != before


async def test_a_closed_pool_waits_for_those_who_use_it_and_refuses_the_others(pool: Pool) -> None:
    async with pool.connection() as one, pool.connection():
        waiting = asyncio.create_task(used(pool))
        await asyncio.sleep(0.01)
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0.01)
        assert not closing.done()
        assert await one._driver.fetchval("SELECT 1") == 1
    await closing
    for refused in (waiting, used(pool)):
        with pytest.raises(DatabaseUnavailable):
            await refused
    assert one._driver.is_closed()


async def test_what_does_not_stop_is_stopped(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_LONGEST_CLOSING", 0.05)
    async with pool.connection() as db:
        await pool.close()
        assert db._driver.is_closed()


async def test_a_database_that_cannot_be_reached_takes_no_place(urls: Urls) -> None:
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        raise ConnectionRefusedError

    pool = Pool(fail, size=1, patience=0.1)
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await used(pool)
    assert calls == 3


async def test_a_server_that_says_nothing_more_is_given_up(
    urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SILENCE", 0.3)
    proxy = Proxy(urls.application)
    async with proxy.open():
        pool = await Pool.open(proxy.url, size=1, patience=5, statement_timeout=0.2)
        before = await used(pool)

        async def ask() -> None:
            async with pool.transaction() as db:
                proxy.silence()
                await db.check()

        with pytest.raises(TimeoutError) as lost:
            await ask()
        assert isinstance(refusal_of_database(lost.value), DatabaseUnavailable)
        assert await used(pool) != before
        await pool.close()
