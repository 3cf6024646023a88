"""Five hundred clients who send half of something and wait: they are let go, and others are served."""

import asyncio
import resource
import time
from functools import partial

from bench.load import Request, percentile
from prove.asking import LOST, Caller
from prove.ground import Found, Ground, each

CLIENTS = 500
LONGEST = 25.0
"""Seconds: ten for headers, twice ten for a body that is looked at every ten, and a little."""
HALVES = (
    b"",
    b"GET /api/v1/units HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    b"POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{",
)


def prove_slowness(ground: Ground) -> Found:
    """All of them are cut off in time; everybody else is answered meanwhile."""
    rounds = ground.times(1, 10)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    found = Found(repetitions=rounds * CLIENTS)
    try:
        longest, before, during = 0.0, list[float](), list[float]()
        for _ in range(rounds):
            round_longest, one, other = asyncio.run(_hold_open(ground, found))
            longest, before, during = max(longest, round_longest), before + one, during + other
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    found.expect(longest < LONGEST, f"one was let go after {longest:.0f} s")
    found.figures = {
        "seconds until let go, most": round(longest, 1),
        "others answered meanwhile": len(during),
        "p99 of others before, ms": _p99(before),
        "p99 of others meanwhile, ms": _p99(during),
    }
    return found


async def _hold_open(ground: Ground, found: Found) -> tuple[float, list[float], list[float]]:
    before = await _ask_on(ground, found, until=time.monotonic() + 2)
    began = time.monotonic()
    slow = [partial(_be_slow, ground.house.port, HALVES[n % len(HALVES)]) for n in range(CLIENTS)]
    waiting = asyncio.create_task(each(slow, CLIENTS))
    during: list[float] = []
    while not waiting.done() and time.monotonic() < began + 2 * LONGEST:
        during += await _ask_on(ground, found, until=time.monotonic() + 0.5)
    found.expect(waiting.done(), "some were never let go")
    waiting.cancel()
    return (max(waiting.result()) if waiting.done() else 2 * LONGEST), before, during


async def _be_slow(port: int, half: bytes) -> float:
    """After how many seconds somebody who sends half of a request is let go; a body drips on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    try:
        writer.write(half)
        while True:
            try:
                async with asyncio.timeout(2):
                    if not await reader.read(1000):
                        break
            except TimeoutError:
                if half.endswith(b"{"):
                    writer.write(b" ")
    except LOST:
        pass
    finally:
        writer.transport.abort()
    return time.monotonic() - began


async def _ask_on(ground: Ground, found: Found, *, until: float) -> list[float]:
    """How long each of somebody's requests takes until then."""
    caller = Caller(ground.house.port)
    request = Request("GET", "/api/v1/units", ground.town.token(ground.town.city.city_admin))
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        answer = await caller.ask(request)
        took.append(time.monotonic() - began)
        found.expect(answer.status == 200, f"somebody else was answered with {answer.status}")
        await asyncio.sleep(0.02)
    caller.close()
    return took


def _p99(seconds: list[float]) -> float:
    return round(1000 * percentile(seconds, 0.99), 1)
