"""What a migration does to a table while it is written and read: expand first, contract later."""

import asyncio
import time

import asyncpg

from bench.load import Request
from prove.asking import Insistent
from prove.ground import Found, Ground
from prove.writers import Writers, check_ledger, verify

STEPS = (
    "ALTER TABLE credit_transfer ADD COLUMN proved text",
    "ALTER TABLE credit_transfer ALTER COLUMN proved SET DEFAULT 'yes'",
    "CREATE INDEX CONCURRENTLY ix_credit_transfer_proved ON credit_transfer (proved)",
    "UPDATE credit_transfer SET proved = 'yes' WHERE proved IS NULL",
    "ALTER TABLE credit_transfer ADD CONSTRAINT ck_proved CHECK (proved IS NOT NULL) NOT VALID",
    "ALTER TABLE credit_transfer DROP CONSTRAINT ck_proved",
    "ALTER TABLE credit_transfer ADD COLUMN counted integer NOT NULL DEFAULT 0",
    "DROP INDEX CONCURRENTLY ix_credit_transfer_proved",
    "ALTER TABLE credit_transfer DROP COLUMN proved",
    "ALTER TABLE credit_transfer DROP COLUMN counted",
)
"""Each waits for its lock two seconds at most and is tried again: what waits for a lock holds up others."""


def prove_migrating(ground: Ground) -> Found:
    """Nobody who writes or reads meanwhile is told more than once to come back, and nothing is lost."""
    times = ground.times(1, 50)
    writers = Writers(ground, "alter", ground.house.port)
    found = Found(repetitions=times * len(STEPS))
    reader, again, longest = asyncio.run(_alter(ground, found, writers, times))
    check_ledger(ground, found, writers)
    verify(ground, found)
    found.expect_equal("requests that nobody answered", writers.lost + reader.lost, 0)
    found.expect_equal("told to come back", len(writers.put_off) + len(reader.put_off), 0)
    found.figures = writers.figures() | {
        "steps tried again": again,
        "seconds that a step took, most": round(longest, 2),
    }
    return found


async def _alter(
    ground: Ground, found: Found, writers: Writers, times: int
) -> tuple[Insistent, int, float]:
    reader, again, longest = Insistent(lambda: ground.house.port), 0, 0.0
    owner = await asyncpg.connect(ground.house.urls.owner)
    reading = asyncio.create_task(_read(ground, found, reader))
    try:
        await owner.execute("SET lock_timeout = '2s'")
        async with writers.writing():
            for step in STEPS * times:
                began = time.monotonic()
                while True:
                    try:
                        await owner.execute(step)
                        break
                    except asyncpg.LockNotAvailableError:
                        again += 1
                longest = max(longest, time.monotonic() - began)
                await writers.write_on(3)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await owner.close()
    return reader, again, longest


async def _read(ground: Ground, found: Found, reader: Insistent) -> None:
    """Read what is being changed, in lists and one by one, on connections that have done so before."""
    token = ground.town.token(ground.town.city.city_admin)
    for number in range(10**9):
        teacher = ground.town.crowd[number % 40]["id"]
        path = f"/api/v1/teachers/{teacher}/credit-transfers?limit=5"
        answer = await reader.ask(Request("GET", path, token))
        found.expect(answer.status == 200, f"a reader was answered with {answer.status}")
