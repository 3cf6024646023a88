"""Errands in a database whose commits are real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from app.database.embedded import Urls
from app.database.pool import Pool
from app.request import Resources
from tests.jobs.errands import Errand


@asynccontextmanager
async def table_of_errands(urls: Urls) -> AsyncIterator[None]:
    """The table, made and dropped by the owner."""
    owner = await asyncpg.connect(urls.owner)
    table = CreateTable(Errand.__table__).compile(dialect=postgresql.dialect())  # type: ignore[attr-defined, no-untyped-call]
    try:
        await owner.execute(str(table))
        await owner.execute("GRANT ALL ON errand TO PUBLIC")
        yield
    finally:
        await owner.execute("DROP TABLE IF EXISTS errand")
        await owner.close()


@pytest.fixture
async def held(real_pool: Pool, resources: Resources, urls: Urls) -> AsyncIterator[Resources]:
    """What a process holds, on a database with a table of errands."""
    async with table_of_errands(urls):
        yield replace(resources, pool=real_pool)
