"""The one connection of a GraphQL request."""

from dataclasses import replace

import asyncpg
import pytest
from sqlalchemy import Integer, cast, literal_column, select, text

from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.errors import NotFound
from app.graphql.context import Context
from app.request import Resources
from app.sql import Connection, Statement, new_id

SOMEBODY = Actor(account_id=new_id(), grants=())
ONE = Statement(select(literal_column("1").label("one")))
BROKEN = Statement(select(cast(literal_column("'x'"), Integer)))
STATE = Statement(text("SELECT pg_current_snapshot()::text AS state"))


async def read_one(db: Connection) -> int:
    return int(await db.value(ONE))


async def fail(db: Connection) -> None:
    await db.value(BROKEN)


async def refuse(_db: Connection) -> None:
    raise NotFound


async def test_a_statement_that_fails_leaves_the_reads_after_it_alone(
    resources: Resources, real_pool: Pool
) -> None:
    context = Context(replace(resources, pool=real_pool), SOMEBODY, "en")
    assert await context.read(read_one) == 1
    with pytest.raises(asyncpg.DataError):
        await context.read(fail)
    assert await context.read(read_one) == 1
    await context.close()
    assert context.statements == 3


async def test_a_refusal_keeps_the_state_that_is_read(
    resources: Resources, real_pool: Pool
) -> None:
    context = Context(replace(resources, pool=real_pool), SOMEBODY, "en")

    async def state(db: Connection) -> str:
        return str(await db.value(STATE))

    before = await context.read(state)
    async with real_pool.transaction() as other:
        await other.value(Statement(text("SELECT pg_current_xact_id()::text AS id")))
    with pytest.raises(NotFound):
        await context.read(refuse)
    assert await context.read(state) == before
    await context.close()


async def test_nothing_is_read_when_the_request_is_over(
    resources: Resources, real_pool: Pool
) -> None:
    context = Context(replace(resources, pool=real_pool), SOMEBODY, "en")
    assert await context.read(read_one) == 1
    await context.close()
    with pytest.raises(RuntimeError, match="over"):
        await context.read(read_one)
    with pytest.raises(RuntimeError, match="over"):
        async with context.transaction():
            pass
    assert context.statements == 1
