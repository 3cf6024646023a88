"""The clock of a sandbox: one for the process and its database, and none anywhere else."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.database.pool import Pool
from app.database.sandbox import MOMENT, SandboxPool, make_sandbox, open_pool
from app.domain.base import TODAY
from app.domain.organisation.units import Level
from app.request import now
from app.sql import Statement
from tests.make import make_unit

LATER = datetime(2030, 12, 31, 17, 0, tzinfo=UTC)
"""In China it is the new year."""
_SAID = Statement(select(func.now().label("now"), TODAY.label("today")))
OPTIONS: dict[str, Any] = {"size": 2, "patience": 5.0, "statement_timeout": 30.0}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """A server with a migrated database that is a sandbox."""
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with EmbeddedServer(folder) as server:
        migrate(server.urls.owner, server.urls.application)
        asyncio.run(make_sandbox(server.urls.owner))
        yield server.urls
    EmbeddedServer(folder).erase()


@pytest.fixture
async def pool(made: Urls) -> AsyncIterator[Pool]:
    opened = await open_pool(made.application, **OPTIONS)
    yield opened
    await opened.close()


async def said(pool: Pool) -> tuple[datetime, date]:
    async with pool.connection() as db:
        [row] = await db.all(_SAID)
    return row["now"], row["today"]


async def test_the_process_and_the_database_are_told_the_same(pool: Pool) -> None:
    assert isinstance(pool, SandboxPool)
    before = MOMENT.set(LATER)
    assert now() == LATER
    assert await said(pool) == (LATER, date(2031, 1, 1))
    MOMENT.reset(before)
    real, _ = await said(pool)
    assert abs((now() - real).total_seconds()) < 60, "the connection forgets the moment"


async def test_what_the_database_fills_in_is_of_that_moment(pool: Pool) -> None:
    before = MOMENT.set(LATER)
    async with pool.transaction() as db:
        unit = await make_unit(db, "测试市", Level.CITY)
        await db._driver.execute(
            "INSERT INTO unit_code (id, unit_id, kind, code, valid_from)"
            " VALUES ($1, $1, 'division', '430601', '2020-01-01')",
            unit["id"],
        )
        assert await db._driver.fetchval("SELECT recorded_at FROM unit_code") == LATER
    MOMENT.reset(before)


def test_it_is_made_again_without_harm_and_migrations_find_their_place(made: Urls) -> None:
    asyncio.run(make_sandbox(made.owner))
    migrate(made.owner, made.application)
    assert asyncio.run(_asked(made.owner, "SELECT current_schema()")) == "public"
    inside = "SELECT count(*) FROM pg_class WHERE relnamespace = 'sandbox'::regnamespace"
    assert asyncio.run(_asked(made.owner, inside)) == 0


async def _asked(url: str, query: str) -> Any:
    driver = await asyncpg.connect(url)
    try:
        return await driver.fetchval(query)
    finally:
        await driver.close()


async def test_elsewhere_nobody_moves_the_time(urls: Urls) -> None:
    """A database of the product has no such clock, and the application's role can make none."""
    pool = await open_pool(urls.application, **OPTIONS)
    assert type(pool) is Pool
    async with pool.connection() as db:
        driver = db._driver
        for attempt in (
            "CREATE SCHEMA sandbox",
            "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL'",
            "ALTER DATABASE yanxun SET search_path = pg_temp, pg_catalog",
        ):
            with pytest.raises(asyncpg.PostgresError, match=r"permission|must be owner|not exist"):
                await driver.execute(attempt)
        # A function in one's own temporary schema is never found by its bare name.
        await driver.execute(
            "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS"
            " $$ SELECT timestamptz '2030-01-01' $$"
        )
        await driver.execute("SET yanxun.moment = '2030-01-01'")
        await driver.execute("SET search_path = pg_temp, public, pg_catalog")
        assert (await driver.fetchval("SELECT now()")).year < 2030
        await driver.execute("RESET ALL")
    await pool.close()
