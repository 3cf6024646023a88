"""What a pooler and a replica cost: `python -m bench.scale`, on servers of its own that it removes again.

Each figure is the median of its rounds beside that of the plain way in the same run, for absolute times on a
shared machine say little. PgBouncer is measured where it is installed.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import literal_column, select, text

from app.database.embedded import EmbeddedServer
from app.database.pool import SIGHT, Pool, Sight
from app.sql import Statement
from bench.load import percentile
from tests.database.pgbouncer import PROGRAM, pgbouncer
from tests.database.standby import make_standby
from tests.database.test_embedded import PROGRAMS, ask

_ROUNDS = 400
_READ = Statement(select(literal_column("count(*)")).select_from(text("noted")))
_WRITE = "INSERT INTO noted VALUES (1)"


async def _beside(*ways: Callable[[], Awaitable[object]]) -> list[float]:
    """The median of each way in milliseconds; they take turns, so that the machine is the same to all."""
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(_ROUNDS):
        for act, times in zip(ways, took, strict=True):
            begun = time.perf_counter()
            await act()
            times.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(times) for times in took]


async def _read(pool: Pool) -> None:
    async with pool.connection() as db:
        await db.value(_READ)


async def _write(pool: Pool) -> None:
    async with pool.transaction() as db:
        await db._driver.execute(_WRITE)  # noqa: SLF001  the least that is a write


async def _write_and_note(pool: Pool) -> None:
    SIGHT.set(Sight())
    await _write(pool)
    SIGHT.set(None)


async def _pooled(url: str, primary: Pool) -> None:
    pool = await Pool.open(url, size=4, patience=10, statement_timeout=30, through_pooler=True)
    plain, through = await _beside(lambda: _read(primary), lambda: _read(pool))
    print(f"| one statement, plain | {plain:.2f} ms | |")
    print(f"| one statement through PgBouncer | {through:.2f} ms | {through / plain:.1f} × |")
    await pool.close()


async def _replayed(primary: Pool, replica: Pool) -> list[float]:
    """Milliseconds from a commit that is answered to its being seen on the replica."""
    took = []
    reached = "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"
    for _ in range(100):
        sight = Sight()
        SIGHT.set(sight)
        await _write(primary)
        begun = time.perf_counter()
        async with replica.connection() as db:
            while await db._driver.fetchval(reached) < sight.wrote:  # noqa: SLF001
                pass
        took.append((time.perf_counter() - begun) * 1000)
    SIGHT.set(None)
    return took


async def _measure(first: EmbeddedServer, second: EmbeddedServer) -> None:
    options = {"size": 4, "patience": 10.0, "statement_timeout": 30.0}
    primary = await Pool.open(first.urls.application, **options)
    replica = await Pool.open(second.urls.application, **options)
    print("| | median | beside the plain way |\n|---|---|---|")
    if PROGRAM is not None:
        with pgbouncer(first.urls.application, servers=4) as url:
            await _pooled(url, primary)
    plain, noted = await _beside(lambda: _write(primary), lambda: _write_and_note(primary))
    print(f"| a write, plain | {plain:.2f} ms | |")
    print(f"| a write that notes its position | {noted:.2f} ms | {noted / plain:.2f} × |")
    took = await _replayed(primary, replica)
    p50, p99 = (percentile(took, share) for share in (0.5, 0.99))
    print(f"| from commit to replica | {p50:.1f} ms | p99 {p99:.1f} ms |")
    for each in (primary, replica):
        await each.close()


def main() -> None:
    """Measure, and print a table."""
    folder = Path(tempfile.mkdtemp(prefix="scale"))
    first = EmbeddedServer(folder / "first", binaries=PROGRAMS)
    first.start()
    ask(first.urls.owner, "CREATE TABLE noted (number int)", "SELECT 1")
    ask(first.urls.owner, "GRANT ALL ON noted TO yanxun_app", "SELECT 1")
    role = "ALTER ROLE yanxun_app IN DATABASE yanxun SET"
    ask(first.urls.application, f"{role} statement_timeout = 30000", "SELECT 1")
    second = make_standby(first, folder / "second")
    try:
        second.start()
        asyncio.run(_measure(first, second))
    finally:
        second.erase()
        first.erase()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
