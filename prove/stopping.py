"""A server that is asked to stop while another takes its place: everybody who has asked is answered."""

import asyncio
import time

from prove.ground import Found, Ground
from prove.town import transfers_held_up
from prove.writers import Writers, check_ledger, verify
from tests.ports import free_port


def prove_stopping(ground: Ground) -> Found:
    """Servers are replaced under load, as behind a proxy that is told where to go; nothing is dropped."""
    times = ground.times(2, 50)
    writers = Writers(ground, "stop", free_port())
    found = Found(repetitions=times)
    statuses, longest = asyncio.run(_replace(ground, writers, times))
    check_ledger(ground, found, writers)
    verify(ground, found)
    found.expect_equal("requests that nobody answered", writers.lost, 0)
    found.expect_equal("told to come back", len(writers.put_off), 0)
    found.expect_equal("exit statuses", statuses, {0})
    found.figures = writers.figures() | {"seconds until stopped, most": round(longest, 2)}
    return found


async def _replace(ground: Ground, writers: Writers, times: int) -> tuple[set[int], float]:
    house, statuses, longest = ground.house, set[int](), 0.0
    names = ["application-even", "application-odd"]
    await asyncio.to_thread(house.start, names[0], PORT=str(writers.port))
    await asyncio.to_thread(house.wait_ready, writers.port)
    async with writers.writing():
        for turn in range(times):
            old, new, port = names[turn % 2], names[1 - turn % 2], free_port()
            await asyncio.to_thread(house.start, new, PORT=str(port))
            await asyncio.to_thread(house.wait_ready, port)
            await writers.write_on(5)
            # Whoever is being answered waits for a row that somebody holds, until after the old one
            # was asked to stop.
            async with transfers_held_up(house.urls.owner):
                await asyncio.sleep(0.2)
                writers.port = port
                began = time.monotonic()
                await asyncio.to_thread(house.ask_to_end, old)
                await asyncio.sleep(1)
            statuses.add(await asyncio.to_thread(house.wait, old))
            longest = max(longest, time.monotonic() - began)
            await writers.write_on(5)
    statuses.add(await asyncio.to_thread(house.end, names[times % 2]))
    return statuses, longest
