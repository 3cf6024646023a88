"""`yanxun work`: a process that does background work and serves nobody."""

import asyncio
import signal
from contextlib import suppress

from app.cli.database import check_migrated, existing
from app.cli.output import console
from app.jobs import do_jobs
from app.main import open_resources
from app.request.logs import configure_logs
from app.request.upkeep.rounds import again
from app.settings import Settings, get_settings


def work() -> None:
    """Do jobs until asked to stop (SIGTERM, Ctrl-C); what is in progress comes to a good stop first."""
    settings = existing(get_settings())
    configure_logs(settings.log_format)
    asyncio.run(check_migrated(settings.session_url))
    with suppress(asyncio.CancelledError):
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    worker = asyncio.current_task()
    assert worker is not None  # noqa: S101  asyncio.run makes a task of it
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, worker.cancel)
    async with open_resources(settings) as held:
        console.print("后台作业进程已启动，Ctrl-C 停止 / working; Ctrl-C stops it")
        await again(do_jobs, held)
