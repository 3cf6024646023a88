"""A server that is written to and read for a long while: it keeps no more than it did at the beginning."""

import asyncio
import time
from pathlib import Path

from bench.load import Request
from bench.meter import memory
from prove.asking import Insistent
from prove.ground import Found, Ground
from prove.writers import Writers, check_ledger, verify

MOST_A_MINUTE = 0.5
"""Megabytes by which a process may grow in a minute of a long run, once it is warm."""
BOUNDED = 24.0
"""Megabytes by which it may grow in a short one, which is mostly warming up."""


def prove_soaking(ground: Ground) -> Found:
    """Memory, descriptors and connections to the database are flat."""
    seconds = ground.times(15, 1_800)
    process = ground.house.process("application")
    writers = Writers(ground, "soak", ground.house.port)
    found = Found(repetitions=1)
    before = _descriptors(process)
    samples = asyncio.run(_soak(ground, found, writers, process, seconds))
    check_ledger(ground, found, writers)
    verify(ground, found)
    slope = _slope(samples[len(samples) // 3 :])
    grown = samples[-1][1] - samples[0][1]
    if ground.by_hand:
        found.expect(slope < MOST_A_MINUTE, f"it grows by {slope:.2f} MB in a minute")
    else:
        found.expect(grown < BOUNDED, f"it has grown by {grown:.0f} MB")
    after = _descriptors(process)
    found.expect(after <= before + 12, f"{after} descriptors, {before} at first")
    found.figures = writers.figures() | {
        "seconds": seconds, "MB at first": round(samples[0][1]), "MB at last": round(samples[-1][1]),
        "MB in a minute": round(slope, 3), "descriptors at first": before,
        "descriptors at last": after,
    }  # fmt: skip
    return found


async def _soak(
    ground: Ground, found: Found, writers: Writers, process: int, seconds: float
) -> list[tuple[float, float]]:
    """The memory of the process at moments."""
    began, samples = time.monotonic(), []
    reader = Insistent(lambda: ground.house.port)
    token = ground.town.token(ground.town.city.city_admin)
    query = b'{"query": "{ units(first: 20) { nodes { name parent { name } } } }"}'
    asked = [
        Request("GET", "/api/v1/units?limit=20", token),
        Request("GET", "/api/v1/teachers?limit=20", token),
        Request("POST", "/graphql", token, query),
    ]
    async with writers.writing():
        while time.monotonic() - began < seconds:
            for request in asked:
                answer = await reader.ask(request)
                found.expect(answer.status == 200, f"{request.path}: {answer.status}")
            samples.append((time.monotonic() - began, memory(process)))
            await asyncio.sleep(0.1)
    reader.close()
    return samples


def _descriptors(process: int) -> int:
    """How many files and connections a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def _slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes in a minute, by least squares."""
    count = len(samples)
    at, held = (sum(each[axis] for each in samples) / count for axis in (0, 1))
    spread = sum((moment - at) ** 2 for moment, _ in samples)
    rise = sum((moment - at) * (size - held) for moment, size in samples)
    return 60 * rise / spread if spread else 0.0
