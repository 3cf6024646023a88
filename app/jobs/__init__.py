"""Background work (后台作业): what each job does, and the worker that has it done.

`JOBS` says which function does which job. A job is queued by `app.queue.enqueue`, in the transaction of
the row that it is about, and done beside a server or by `yanxun work`, at least once: a worker that was
killed leaves its jobs to the others. What does a job therefore works in short transactions, looks first
what is done already, and does no harm when it is done again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app.domain.credits.what_ifs import COUNT_WHAT_IF, WhatIf
from app.domain.exchange import exports, imports, submissions
from app.jobs.acting import acting_as
from app.jobs.exporting import make_export
from app.jobs.gathering import gather_submission
from app.jobs.importing import do_import
from app.jobs.what_ifs import count_what_if
from app.jobs.worker import Job, Jobs, work
from app.request import Resources
from app.request.upkeep.rounds import again

__all__ = ["JOBS", "Job", "Jobs", "acting_as", "work", "working"]

JOBS: Jobs = {
    COUNT_WHAT_IF: Job(count_what_if, WhatIf),
    exports.JOB: Job(make_export, exports.Export),
    imports.JOB: Job(do_import, imports.Import),
    submissions.JOB: Job(gather_submission),
}
"""Which function does which job, and the table of the rows whose progress is kept."""


async def do_jobs(held: Resources) -> None:
    """Have every kind of job done until cancelled, or until the database is lost."""
    await work(held, JOBS)


@asynccontextmanager
async def working(held: Resources) -> AsyncIterator[None]:
    """Have jobs done meanwhile; at the end, what is in progress is brought to a good stop."""
    worker = asyncio.create_task(again(do_jobs, held))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
