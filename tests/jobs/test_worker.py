"""The worker: at least once, never two at once, and nothing lost whatever ends it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.errors import Conflict, Unavailable
from app.domain.progress import advance_work, cancel_work
from app.jobs import worker
from app.jobs.worker import Job, Jobs, work
from app.queue import enqueue
from app.request import Resources, now
from app.sql import Statement, new_id
from app.tracing import REQUEST_ID
from tests.jobs.errands import PARTS, STALE_AFTER, Errand, in_parts, progress_of

Do = Callable[[Resources, UUID], Awaitable[None]]

_CUT = Statement(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
_QUEUED = Statement(text("SELECT count(*) FROM pgqueuer"))


class Impossible(Conflict):
    """It cannot be done, ever."""

    code = "errand_impossible"
    zh = "无法完成。"
    en = "It cannot be done."


async def nothing(_done: int) -> None:
    """Go straight on to the next part."""


async def put_errand(pool: Pool) -> UUID:
    """An errand, and the job that does it."""
    errand = new_id()
    async with pool.transaction() as db:
        await db.insert(Errand, {"id": errand, "state": "waiting", "done": 0, "tries": 0})
        await enqueue(db, "errand", about=errand)
    return errand


@asynccontextmanager
async def at_work(
    held: Resources, do: Do, *, keeps: bool = True
) -> AsyncIterator[asyncio.Task[None]]:
    """A worker that does errands in this way; asked to stop at the end."""
    jobs: Jobs = {"errand": Job(do, Errand if keeps else None)}
    task = asyncio.create_task(work(held, jobs, stale_after=STALE_AFTER))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def ended(pool: Pool, errand: UUID, *states: str, seconds: float = 20) -> dict[str, Any]:
    """The errand's row, as soon as it is in one of these states and its job out of the queue."""
    async with asyncio.timeout(seconds):
        while True:
            async with pool.connection() as db:
                row, queued = await progress_of(db, errand), await db.value(_QUEUED)
            if row["state"] in states and not queued:
                return row
            await asyncio.sleep(0.02)


async def test_a_job_is_done_and_says_how_far_it_is(held: Resources) -> None:
    errand = await put_errand(held.pool)
    async with at_work(held, in_parts(nothing)):
        row = await ended(held.pool, errand, "done")
    assert (row["done"], row["total"], row["failure_code"]) == (PARTS, PARTS, None)
    assert row["started_at"] < row["finished_at"]


async def test_a_job_is_done_for_the_request_that_queued_it(held: Resources) -> None:
    asked: list[str | None] = []

    async def note(_: Resources, __: UUID) -> None:
        asked.append(REQUEST_ID.get())

    token = REQUEST_ID.set("a-request-of-ours")
    try:
        first = await put_errand(held.pool)
    finally:
        REQUEST_ID.reset(token)
    async with at_work(held, note):
        await ended(held.pool, first, "done")
        second = await put_errand(held.pool)
        await ended(held.pool, second, "done")
    assert asked == ["a-request-of-ours", None]


async def test_two_workers_share_what_there_is(held: Resources) -> None:
    errands = [await put_errand(held.pool) for _ in range(12)]
    by: dict[str, list[UUID]] = {"one": [], "other": []}

    def noted(name: str) -> Do:
        async def do_errand(held: Resources, about: UUID) -> None:
            by[name].append(about)
            await asyncio.sleep(0.05)
            await in_parts(nothing)(held, about)

        return do_errand

    async with at_work(held, noted("one")), at_work(held, noted("other")):
        for errand in errands:
            await ended(held.pool, errand, "done")
    assert all(by.values())
    assert sorted(by["one"] + by["other"]) == sorted(errands), "each once"


async def test_of_two_jobs_about_one_row_one_waits_for_the_other(held: Resources) -> None:
    errand, doing, most = await put_errand(held.pool), 0, 0
    async with held.pool.transaction() as db:
        await enqueue(db, "errand", about=errand)

    async def do_errand(_held: Resources, _about: UUID) -> None:
        nonlocal doing, most
        doing += 1
        most = max(most, doing)
        await asyncio.sleep(0.2)
        doing -= 1

    async with at_work(held, do_errand), at_work(held, do_errand):
        await ended(held.pool, errand, "done")
    assert most == 1


async def test_the_job_of_a_killed_worker_is_gone_on_with(
    held: Resources, urls: Urls, tmp_path: Path
) -> None:
    errand, parts = await put_errand(held.pool), []
    arguments = ("-m", "tests.jobs.errands", str(tmp_path), urls.application)
    other = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    async with asyncio.timeout(60):
        assert await other.stdout.readline() == b"1\n"
    other.kill()
    await other.wait()

    async def note(done: int) -> None:
        parts.append(done)

    async with at_work(held, in_parts(note)):
        row = await ended(held.pool, errand, "done")
    assert parts == [2, 3], "the part that was done is not done again"
    assert row["done"] == PARTS


async def test_what_fails_is_tried_again_and_in_the_end_said_to_have_failed(
    held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_DELAY", STALE_AFTER / 100)
    errand, times = await put_errand(held.pool), 0

    async def do_errand(_held: Resources, _about: UUID) -> None:
        nonlocal times
        times += 1
        raise ValueError("13800000000")

    async with at_work(held, do_errand):
        row = await ended(held.pool, errand, "failed")
    assert times == row["tries"] == worker.MOST_TRIES
    assert (row["failure_code"], row["done"]) == ("work_failed", 0)
    async with held.pool.connection() as db:
        logged = await db.all(Statement(text("SELECT traceback::text AS t FROM pgqueuer_log")))
    assert not any("13800000000" in (each["t"] or "") for each in logged)


def test_what_fails_again_and_again_rests_longer_each_time_up_to_five_minutes() -> None:
    rests = [worker._delay(times).total_seconds() for times in (0, 1, 2, 6, 8, 10_000)]
    assert rests == [2, 4, 8, 128, 300, 300]


async def test_a_refusal_ends_it_at_once_with_its_own_code(held: Resources) -> None:
    errand, times = await put_errand(held.pool), 0

    async def do_errand(_held: Resources, _about: UUID) -> None:
        nonlocal times
        times += 1
        raise Impossible

    async with at_work(held, do_errand):
        row = await ended(held.pool, errand, "failed")
    assert times == 1
    assert [row[f"failure_{each}"] for each in ("code", "zh", "en")] == [
        Impossible.code, Impossible.zh, Impossible.en,
    ]  # fmt: skip


async def test_a_refusal_that_passes_is_no_failure(
    held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_DELAY", STALE_AFTER / 100)
    errand, times = await put_errand(held.pool), 0

    async def do_errand(_held: Resources, _about: UUID) -> None:
        nonlocal times
        times += 1
        if times < 3:
            raise Unavailable

    async with at_work(held, do_errand):
        await ended(held.pool, errand, "done")
    assert times == 3


async def test_what_gets_on_and_fails_each_time_is_given_up_as_well(
    held: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_DELAY", STALE_AFTER / 100)
    monkeypatch.setattr(worker, "MOST_RETRIES", 3)
    errand, times = await put_errand(held.pool), 0

    async def do_errand(held: Resources, about: UUID) -> None:
        nonlocal times
        times += 1
        async with held.pool.transaction() as db:
            await advance_work(db, Errand, row_id=about, done=1)
        raise ValueError

    async with at_work(held, do_errand):
        row = await ended(held.pool, errand, "failed")
    assert (times, row["tries"], row["failure_code"]) == (4, 1, "work_failed")


async def test_what_ends_its_worker_each_time_is_given_up(held: Resources) -> None:
    errand = await put_errand(held.pool)
    async with held.pool.transaction() as db:
        await db.change(Errand, errand, {"tries": worker.MOST_TRIES, "state": "running"})

    async with at_work(held, in_parts(nothing)):
        row = await ended(held.pool, errand, "failed")
    assert (row["failure_code"], row["done"]) == ("work_failed", 0)


async def test_work_that_is_cancelled_ends_at_its_next_part(held: Resources) -> None:
    errand, begun, parts = await put_errand(held.pool), asyncio.Event(), []

    async def note(done: int) -> None:
        parts.append(done)
        begun.set()
        await asyncio.sleep(0.3)

    async with at_work(held, in_parts(note)):
        await begun.wait()
        async with held.pool.transaction() as db:
            await cancel_work(db, Errand, row_id=errand, now=now())
        row = await ended(held.pool, errand, "cancelled")
    assert (parts, row["done"]) == ([1], 1)


async def test_what_was_cancelled_before_is_never_begun(held: Resources) -> None:
    errand = await put_errand(held.pool)
    async with held.pool.transaction() as db:
        await cancel_work(db, Errand, row_id=errand, now=now())
    async with at_work(held, in_parts(nothing)):
        row = await ended(held.pool, errand, "cancelled")
    assert (row["tries"], row["done"], row["started_at"]) == (0, 0, None)


async def test_a_worker_that_stops_ends_its_transaction_and_begins_no_other(
    held: Resources,
) -> None:
    errand, within = await put_errand(held.pool), asyncio.Event()

    async def do_errand(held: Resources, about: UUID) -> None:
        async with held.pool.transaction() as db:
            within.set()
            await asyncio.sleep(0.3)
            await db.change(Errand, about, {"done": 1})
        async with held.pool.transaction() as db:
            await db.change(Errand, about, {"done": 2})

    async with at_work(held, do_errand):
        await within.wait()
    async with held.pool.connection() as db:
        row = await progress_of(db, errand)
        assert (row["state"], row["done"], await db.value(_QUEUED)) == ("running", 1, 1)
    async with at_work(held, in_parts(nothing)):
        assert (await ended(held.pool, errand, "done", seconds=3))["done"] == PARTS


async def test_a_worker_that_stops_does_not_wait_for_what_is_between_transactions(
    held: Resources,
) -> None:
    errand, waiting = await put_errand(held.pool), asyncio.Event()

    async def wait(_done: int) -> None:
        waiting.set()
        await asyncio.sleep(3600)

    async with asyncio.timeout(10):
        async with at_work(held, in_parts(wait)):
            await waiting.wait()
    async with held.pool.connection() as db:
        row = await progress_of(db, errand)
        assert (row["state"], row["done"], await db.value(_QUEUED)) == ("running", 1, 1)


async def test_a_worker_whose_connection_is_cut_ends_and_leaves_its_job(
    held: Resources,
) -> None:
    errand, waiting = await put_errand(held.pool), asyncio.Event()

    async def wait(_done: int) -> None:
        waiting.set()
        await asyncio.sleep(3600)

    async with at_work(held, in_parts(wait)) as task:
        await waiting.wait()
        async with held.pool.connection() as db:
            await db.all(_CUT)
        async with asyncio.timeout(20):
            await task
    async with at_work(held, in_parts(nothing)):
        await ended(held.pool, errand, "done")


async def test_a_job_without_a_row_of_progress_is_done_as_well(held: Resources) -> None:
    errand, done = await put_errand(held.pool), asyncio.Event()

    async def do_errand(_held: Resources, about: UUID) -> None:
        assert about == errand
        done.set()

    async with at_work(held, do_errand, keeps=False):
        await asyncio.wait_for(done.wait(), 10)
        assert (await ended(held.pool, errand, "waiting"))["tries"] == 0
