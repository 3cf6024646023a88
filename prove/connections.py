"""Connections to PostgreSQL that are cut, half closed, silenced, and ended by the server."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median

from prove.ground import Found, Ground
from prove.proxy import Proxy
from prove.town import rows_of
from prove.writers import Writers, check_ledger, verify
from tests.ports import free_port

POOL = 6
LISTENING = 2
"""Connections of a process beside its pool, on which it hears of what others do."""
NAME = "application-behind-proxy"


def prove_connections(ground: Ground) -> Found:
    """Whatever happens to a connection, who asks is answered; nothing is lost or doubled."""
    times = ground.times(8, 400)
    writers = Writers(ground, "cut", free_port())
    found = Found(repetitions=times)
    back, most = asyncio.run(_cut(ground, writers, times))
    check_ledger(ground, found, writers)
    verify(ground, found)
    found.expect_equal("requests that nobody answered", writers.lost, 0)
    statuses = {answer.status for answer in writers.put_off}
    found.expect(statuses <= {409, 503}, f"put off with {statuses}")
    found.expect(most <= POOL + LISTENING, f"{most} connections of a pool of {POOL}")
    found.figures = writers.figures() | {
        "seconds until written again, middle": round(median(back), 2),
        "seconds until written again, most": round(max(back), 2),
        "connections afterwards": most,
    }
    return found


async def _cut(ground: Ground, writers: Writers, times: int) -> tuple[list[float], int]:
    proxy = Proxy(ground.house.urls.application)
    back = []
    async with proxy.open():
        variables = {
            "DATABASE_URL": proxy.url, "PORT": str(writers.port),
            "YANXUN_POOL_SIZE": str(POOL), "YANXUN_STATEMENT_TIMEOUT": "2",
            "YANXUN_POOL_PATIENCE": "2",
        }  # fmt: skip
        await asyncio.to_thread(ground.house.start, NAME, **variables)
        try:
            await asyncio.to_thread(ground.house.wait_ready, writers.port)
            hurts = _hurts(ground, proxy)
            async with writers.writing():
                for turn in range(times):
                    await asyncio.sleep(ground.draw.uniform(0.05, 0.5))
                    await hurts[turn % len(hurts)]()
                    began = time.monotonic()
                    await writers.write_on(2)
                    back.append(time.monotonic() - began)
            most = proxy.connections
        finally:
            await asyncio.to_thread(ground.house.end, NAME)
    return back, most


def _hurts(ground: Ground, proxy: Proxy) -> list[Callable[[], Awaitable[None]]]:
    async def reset() -> None:
        proxy.reset()

    async def half_close() -> None:
        proxy.half_close()

    async def end() -> None:
        """The server ends them: a fail-over, or somebody's `pg_terminate_backend`."""
        await rows_of(
            ground.house.urls.application,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'yanxun' AND usename = current_user",
        )

    async def silence() -> None:
        proxy.silence()

    return [reset, half_close, end, silence]
