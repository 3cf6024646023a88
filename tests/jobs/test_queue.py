"""What is put into the queue, and that its tables are those that pgqueuer expects."""

from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.queries import Queries
from sqlalchemy import text

from app.database.embedded import Urls
from app.database.pool import Pool
from app.queue import enqueue, tidy_queue
from app.request import now
from app.sql import Connection, Statement, new_id

_QUEUED = Statement(text("SELECT entrypoint, payload, execute_after FROM pgqueuer ORDER BY id"))


_FAULT = Statement(
    text(
        "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint)"
        " VALUES (1, 'successful', 0, NULL)"
    )
)


async def test_the_tables_are_those_of_the_installed_release(urls: Urls) -> None:
    owner = await asyncpg.connect(urls.owner)
    try:
        plan = await Queries.from_asyncpg_connection(owner).plan_upgrade()
    finally:
        await owner.close()
    assert (plan.statements, plan.notes) == ((), ())


async def test_a_job_is_queued_by_the_transaction_of_its_row(db: Connection) -> None:
    about, later = new_id(), now() + timedelta(hours=1)
    await enqueue(db, "this", about=about)
    await enqueue(db, "that", about=about, after=later)
    first, second = await db.all(_QUEUED)
    assert (first["entrypoint"], first["payload"]) == ("this", about.bytes)
    assert first["execute_after"] <= now()
    assert second["execute_after"] == later


async def test_what_is_undone_is_not_queued(real_pool: Pool) -> None:
    async def enqueue_and_fail() -> None:
        async with real_pool.transaction() as db:
            await enqueue(db, "this", about=new_id())
            await db.run(_FAULT)

    with pytest.raises(asyncpg.NotNullViolationError):
        await enqueue_and_fail()
    async with real_pool.connection() as db:
        assert await db.all(_QUEUED) == []


async def test_of_one_key_one_waits(db: Connection) -> None:
    for key in ("a", "a", "b", None, None):
        await enqueue(db, "this", about=new_id(), key=key)
    assert len(await db.all(_QUEUED)) == 4


async def test_what_was_logged_is_forgotten_after_a_week(db: Connection) -> None:
    log = Statement(
        text(
            "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint)"
            " VALUES (now() - make_interval(days => :days), 1, 'successful', 0, 'this')"
        )
    )
    for days in (6, 8):
        await db.run(log, days=days)
    await tidy_queue(db, now=now())
    assert await db.value(Statement(text("SELECT count(*) FROM pgqueuer_log"))) == 1
