"""SIGKILL of the application and of PostgreSQL while credit is written (the worker: `prove.imports`)."""

import asyncio
import time
from statistics import median

from prove.ground import Found, Ground
from prove.writers import Writers, check_ledger, verify


def prove_kills(ground: Ground) -> Found:
    """What was acknowledged is there once, whoever is killed; and nothing else is."""
    kills = ground.times(4, 80)
    writers = Writers(ground, "kill", ground.house.port)
    before = sum(ground.house.kills.values())
    away = asyncio.run(_under_fire(ground, writers, kills))
    found = Found(repetitions=sum(ground.house.kills.values()) - before)
    check_ledger(ground, found, writers)
    verify(ground, found)
    found.figures = writers.figures() | {
        "seconds until written again, middle": round(median(away), 2),
        "seconds until written again, most": round(max(away), 2),
    }
    return found


async def _under_fire(ground: Ground, writers: Writers, kills: int) -> list[float]:
    """After how many seconds somebody was answered again, for each kill."""
    away = []
    async with writers.writing():
        for turn in range(kills):
            await asyncio.sleep(ground.draw.uniform(0.05, 0.8))
            victim = ("application", "postgres")[turn % 2]
            began = time.monotonic()
            await asyncio.to_thread(ground.house.kill, victim)
            await writers.write_on(1)
            away.append(time.monotonic() - began)
            await writers.write_on(20)
    return away
