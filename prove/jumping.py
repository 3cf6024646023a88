"""The clock of the application's machine is set forward and back while credit is written."""

import asyncio

from prove.clock import FILE, Clock
from prove.ground import Found, Ground
from prove.writers import Writers, check_ledger, verify
from tests.ports import free_port

JUMPS = (2, -2, 90, -90, 3_600, -3_600, 86_400, 0)
"""Seconds from the right time; the last is the right one."""
NAME = "application-with-clock"


def prove_jumping(ground: Ground) -> Found:
    """Whatever the clock says, each document is entered once, and the chains verify."""
    times = ground.times(1, 25)
    found = Found(repetitions=times * len(JUMPS))
    if not ground.house.has_clock:
        found.not_possible = "there is no C compiler to make a clock that can be set"
        return found
    writers, clock = Writers(ground, "clock", free_port()), Clock(ground.house.folder / "clock")
    with ground.house.serving(NAME, writers.port, **{FILE: str(clock.path)}):
        seen = asyncio.run(_jump(ground, writers, clock, times))
    check_ledger(ground, found, writers)
    verify(ground, found)
    found.expect_equal("requests that nobody answered", writers.lost, 0)
    found.figures = writers.figures() | {"seconds between the first and the last moment": seen}
    found.expect(seen > 86_000, "the clock did not jump")
    return found


async def _jump(ground: Ground, writers: Writers, clock: Clock, times: int) -> int:
    """Over how many seconds the moments spread that the entries were recorded at."""
    async with writers.writing():
        for offset in JUMPS * times:
            clock.jump(offset)
            await writers.write_on(12)
    spread: int = await asyncio.to_thread(
        ground.town.value,
        "SELECT extract(epoch FROM max(recorded_at) - min(recorded_at))::int FROM credit_transfer"
        " WHERE document_number LIKE $1",
        f"clock-%-{ground.seed}",
    )
    return spread
