"""The worker: it takes jobs from the queue with pgqueuer, has them done, and keeps their progress.

Of many workers each takes other jobs, and none does a job while another does the same about the same row.
Whatever ends a worker, the job is done again: at once where it was asked to stop, and else as soon as
nothing was heard of it for `STALE_AFTER`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.qm import QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as Queued
from pgqueuer.queries import Queries

from app.database.pool import Pool
from app.domain.base import Table
from app.domain.errors import DomainError, TooMany, Unavailable
from app.domain.progress import WorkOver, begin_work, fail_work, finish_work
from app.queue import REQUEST
from app.request import Resources, now
from app.sql import LOST
from app.tracing import REQUEST_ID

log = logging.getLogger("yanxun")

STALE_AFTER = timedelta(seconds=30)
"""After so long without a sign of life from whoever does it, a job is done by another."""
MOST_TRIES = 8
"""How often a job is begun that does not get on."""
MOST_RETRIES = 40
"""How often one is put back at all: what begins from nothing each time gets on each time."""
_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(minutes=5)
_STOPPING = "the worker stops"
_AT_ONCE = 4
_CONNECTIONS = 2 * _AT_ONCE
_STATEMENT_TIMEOUT = 300.0
_PATIENCE = 30.0
"""Seconds: nobody waits in front of a screen."""
_SILENCE = {
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""A machine that was switched off is not waited for: the server gives up its locks within half a minute."""


class Job(NamedTuple):
    """What does a job, and where its progress is kept; without a table, it keeps track itself."""

    do: Callable[[Resources, UUID], Awaitable[None]]
    table: type[Table] | None = None


Jobs = Mapping[str, Job]


PASSING = (TooMany, Unavailable)
"""Refusals that may be none a little later."""


class WorkFailed(DomainError):
    """A defect or a fault: the work was tried often enough."""

    code = "work_failed"
    zh = "任务多次执行未成功，请联系系统管理员。"
    en = "The work was tried several times without success: please tell the operator."


async def work(held: Resources, jobs: Jobs, *, stale_after: timedelta = STALE_AFTER) -> None:
    """Do jobs until cancelled, or until the queue's connection is lost.

    Then nothing more is begun, the transactions in progress are waited for, at most ten seconds, and
    the jobs go back into the queue.
    """
    url = held.settings.session_url
    try:
        connection = await asyncpg.connect(url, timeout=_PATIENCE, server_settings=_SILENCE)
        try:
            pool = await Pool.open(
                url, size=_CONNECTIONS, patience=_PATIENCE, statement_timeout=_STATEMENT_TIMEOUT
            )
            await _Worker(replace(held, pool=pool), jobs, connection, stale_after).run()
        finally:
            await connection.close(timeout=_PATIENCE)
    except (*LOST, DomainError) as problem:
        log.warning("the queue cannot be reached: %r", problem)


def _delay(times: int) -> timedelta:
    """How long something rests that failed so often before."""
    return min(_FIRST_DELAY * (1 << min(times, 16)), _LONGEST_DELAY)


class _Worker:
    """One worker on its connection to the queue, and its own pool for the jobs."""

    def __init__(
        self, held: Resources, jobs: Jobs, connection: asyncpg.Connection, stale_after: timedelta
    ) -> None:
        self._held, self._jobs, self._stale_after = held, jobs, stale_after
        self._connection = connection
        self._driver = AsyncpgDriver(connection)
        self._doing: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Take jobs until cancelled or cut off; then stop well."""
        manager = QueueManager(Queries(self._driver))
        for name in self._jobs:
            manager.entrypoint(name)(self._perform)
        self._connection.add_termination_listener(lambda _: manager.shutdown.set())
        taking = asyncio.create_task(
            manager.run(
                batch_size=1,
                max_concurrent_tasks=_AT_ONCE,
                # What is put off, or was left by a killed worker, is not announced.
                dequeue_timeout=self._stale_after / 6,
                heartbeat_timeout=self._stale_after,
                shutdown_on_listener_failure=True,
                log_aggregation_interval=timedelta(0),
            )
        )
        lost = asyncio.create_task(manager.shutdown.wait())
        try:
            await asyncio.wait({taking, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
            self._stopping = True
            manager.shutdown.set()
            await self._held.pool.close()
            for each in self._doing.values():
                each.cancel()
            await taking

    async def _perform(self, queued: Queued) -> None:
        """Do one job, or put it back into the queue."""
        job, about = self._jobs[queued.entrypoint], UUID(bytes=queued.payload)
        asked_by = (queued.headers or {}).get(REQUEST)
        REQUEST_ID.set(None if asked_by is None else str(asked_by))
        try:
            async with self._alone(f"{queued.entrypoint} {about}"):
                await self._do(job, about, queued.attempts)
        except RetryRequested:
            raise
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or not self._stopping:
                raise
            task.uncancel()
            raise RetryRequested(reason=_STOPPING) from None
        except Exception as problem:
            # Its progress could not be kept: the database was lost, or the worker stops.
            if self._stopping:
                raise RetryRequested(reason=_STOPPING) from None
            log.warning("%s of %s is put off", queued.entrypoint, about, exc_info=problem)
            raise RetryRequested(_delay(queued.attempts), type(problem).__name__) from None

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        """Hold what nobody else holds as long as this connection lives; put the job off otherwise."""
        task = asyncio.current_task()
        if task is None or name in self._doing:
            raise RetryRequested(self._stale_after, "it is being done already")
        self._doing[name] = task
        try:
            if not await self._asked("pg_try_advisory_lock", name):
                raise RetryRequested(self._stale_after, "it is being done elsewhere")
            yield
        finally:
            del self._doing[name]
            with suppress(*LOST):
                await self._asked("pg_advisory_unlock", name)

    async def _asked(self, function: str, name: str) -> bool:
        [row] = await self._driver.fetch(f"SELECT {function}(hashtextextended($1, 0)) AS yes", name)
        return bool(row["yes"])

    async def _do(self, job: Job, about: UUID, retries: int) -> None:
        """Do it and say what became of it; tried again later where that may help."""
        tries = retries + 1
        if job.table is not None:
            tries = await self._note(begin_work, job, about)
            if tries is None:
                return
        try:
            if tries <= MOST_TRIES:
                await job.do(self._held, about)
        except WorkOver:
            return
        except Exception as problem:  # noqa: BLE001  whatever it is, the row has to say it
            is_last = tries >= MOST_TRIES or retries >= MOST_RETRIES
            reason = self._final(problem, job, about, None if is_last else tries)
            await self._note(fail_work, job, about, reason=reason)
            return
        if tries <= MOST_TRIES:
            await self._note(finish_work, job, about)
        else:
            log.error("%s of %s ended its workers and is given up", job.do.__name__, about)
            await self._note(fail_work, job, about, reason=WorkFailed())

    async def _note(
        self, step: Callable[..., Awaitable[Any]], job: Job, about: UUID, **values: Any
    ) -> Any:
        """Keep a step of the row's progress, in a transaction of its own."""
        if job.table is None:
            return None
        async with self._held.pool.transaction() as db:
            return await step(db, job.table, row_id=about, now=now(), **values)

    def _final(self, problem: Exception, job: Job, about: UUID, tries: int | None) -> DomainError:
        """Why the work is given up; raises `RetryRequested` unless `tries` is None, or that is no use."""
        if isinstance(problem, DomainError) and not isinstance(problem, PASSING):
            return problem
        if self._stopping:
            raise RetryRequested(reason=_STOPPING) from None
        name = job.do.__name__
        if tries is not None:
            log.warning("%s of %s failed and is tried again", name, about, exc_info=problem)
            raise RetryRequested(_delay(tries - 1), type(problem).__name__) from None
        log.error("%s of %s failed for good", name, about, exc_info=problem)
        return WorkFailed()
