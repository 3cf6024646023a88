"""What leaves a reader's scope is told as gone, whoever else writes at that moment."""

import asyncio
import random
from uuid import UUID

from sqlalchemy import text

from app.database.pool import Pool
from app.domain.organisation.reorganisations import Move, move_school
from app.sql import Row, Statement
from tests.domain.exchange.changes.mirror import Mirror, differences, visible
from tests.domain.exchange.changes.test_mirror import granted
from tests.make import NOW, City, make_group

_BEGIN = Statement(text("SELECT pg_current_xact_id()::text"))
_SELF = Statement(text("SELECT pg_backend_pid()"))
_WAITS = Statement(text("SELECT pg_blocking_pids(:pid) <> '{}'"))
_END = Statement(text("UPDATE group_member SET superseded_at = now() WHERE group_id = :id"))


async def done_or_waiting(pool: Pool, work: "asyncio.Task[Row]", pid: int) -> None:
    """Until the work is done, or its server process waits for another's lock."""
    async with pool.connection() as watching:
        while not work.done() and not await watching.value(_WAITS, pid=pid):  # noqa: ASYNC110
            await asyncio.sleep(0)


async def read_and_compare(pool: Pool, mirror: Mirror, made: City, *units: UUID) -> None:
    actor = await granted(pool, made, *units)
    await mirror.catch_up(pool, actor)
    async with pool.connection() as db:
        assert differences(mirror, await visible(db, actor)) == []


async def test_a_membership_that_ends_while_its_group_moves_is_gone_where_it_went(
    real_pool: Pool, made: City
) -> None:
    """A transaction that began first moves the school; before it ends, another ends the membership."""
    there, mirror = made.other_county["id"], Mirror(random.Random(1))
    async with real_pool.transaction() as db:
        group = await make_group(db, made.school, made.teacher)
    await read_and_compare(real_pool, mirror, made, there)

    began: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
    noted = asyncio.Event()

    async def move() -> Row:
        actor, to = made.city_admin.actor, Move(bureau_id=there)
        async with real_pool.transaction() as db:
            began.set_result((await db.value(_BEGIN), await db.value(_SELF)))
            await noted.wait()
            return await move_school(db, actor, unit_id=made.school["id"], move=to, now=NOW)

    work = asyncio.create_task(move())
    first, pid = await began
    async with real_pool.transaction() as ending:
        assert int(first) < int(await ending.value(_BEGIN))
        await ending.run(_END, id=group["id"])
        noted.set()
        await done_or_waiting(real_pool, work, pid)
        if work.done():
            # Whoever follows is told of the group in its new place while its member still stands.
            await read_and_compare(real_pool, mirror, made, there)
    await work
    await read_and_compare(real_pool, mirror, made, there)
    assert ("group", group["id"]) in mirror.held
