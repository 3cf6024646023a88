"""`make bench`: load the city, press both servers in turn, print the table and keep it.

python -m bench [--scale city|demo] [--seconds 3] [--rounds 3]
"""

import argparse
import asyncio
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import asyncpg

from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.database.pool import Pool
from app.demo.loading import load_demo
from app.demo.scales import SCALES
from app.security.personal_data import load_cipher
from app.settings import Settings, get_settings
from app.sql import Connection, prepare_connection
from bench import city, direct, workloads
from bench.city import Chosen
from bench.direct import Timed
from bench.load import Measured, Request, press
from bench.serving import servers
from bench.workloads import Workload

RESULTS = Path(__file__).parent / "results.md"


@dataclass(frozen=True)
class Compared:
    """One workload: each round's rates, and the application's latencies of all rounds."""

    workload: Workload
    ours: list[Measured]
    floor: list[Measured]

    @property
    def share(self) -> float:
        """The application's rate as a share of the floor's, in the median round."""
        rates = zip(self.ours, self.floor, strict=True)
        return median(ours.rate / floor.rate for ours, floor in rates)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--scale", choices=SCALES, default="city")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(".yanxun-bench") / asked.scale
    folder.mkdir(parents=True, exist_ok=True)
    base = get_settings()
    with EmbeddedServer(folder, binaries=base.postgres_binaries) as server:
        settings = base.model_copy(
            update={
                "data_folder": folder,
                "database_url": server.urls.application,
                "database_owner_url": server.urls.owner,
            }
        )
        migrate(server.urls.owner, server.urls.application)
        asyncio.run(_load(settings, asked.scale))
        chosen, tokens = asyncio.run(_choose(settings))
        compared = list(_over_http(settings, chosen, tokens, asked.seconds, asked.rounds))
        timed = asyncio.run(_directly(server.urls, chosen))
    text = _table(asked.scale, compared, timed)
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


async def _load(settings: Settings, scale: str) -> None:
    def advance(done: float) -> None:
        print(f"\rloading the city: {done:4.0%}", end="", flush=True)

    cipher = load_cipher(settings.data_folder / "personal_data_keys.json")
    await load_demo(settings, SCALES[scale], cipher=cipher, advance=advance)
    print()


async def _choose(settings: Settings) -> tuple[Chosen, list[str]]:
    """The places and people, and the tokens: the city's administrator's, then teachers'."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        chosen = await city.choose(connection)
        rows = await connection.fetch(
            "SELECT id, city_id, county_id, school_id FROM teacher WHERE id = ANY ($1)",
            chosen.teacher_ids,
        )
    finally:
        await connection.close()
    sign = city.signer(settings)
    actors = [city.city_actor(chosen), *(city.teacher_actor(chosen, row) for row in rows)]
    return chosen, [sign(actor) for actor in actors]


def _over_http(
    settings: Settings, chosen: Chosen, tokens: list[str], seconds: float, rounds: int
) -> Iterator[Compared]:
    with servers(settings, chosen.for_floor()) as ports:
        for workload in workloads.reading(chosen, tokens[0]):
            ours, floor = [], []
            for _ in range(rounds):
                ours.append(asyncio.run(_press(ports[0], workload.ours, workload, seconds)))
                floor.append(asyncio.run(_press(ports[1], workload.floor, workload, seconds)))
            yield _told(Compared(workload, ours, floor))
        ours, floor = [], []
        for _ in range(rounds):
            workload = asyncio.run(_sit(settings, chosen, tokens[1:]))
            ours.append(asyncio.run(_press(ports[0], workload.ours, workload, seconds)))
            floor.append(asyncio.run(_press(ports[1], workload.floor, workload, seconds)))
        yield _told(Compared(workload, ours, floor))


async def _press(
    port: int, asked: Sequence[Request], workload: Workload, seconds: float
) -> Measured:
    return await press(port, asked, clients=workload.clients, seconds=seconds)


async def _sit(settings: Settings, chosen: Chosen, tokens: list[str]) -> Workload:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        sittings = [await city.hold_sitting(Connection(driver), chosen) for _ in range(2)]
    finally:
        await driver.close()
    return workloads.checking_in(tokens, sittings[0], sittings[1], chosen)


async def _directly(urls: Urls, chosen: Chosen) -> list[Timed]:
    pool = await Pool.open(urls.application, size=2, patience=5, statement_timeout=60)
    try:
        return [
            *await direct.compliance(pool, chosen),
            await direct.recognition(pool, urls.owner, chosen),
        ]
    finally:
        await pool.close()


def _told(found: Compared) -> Compared:
    failures = sum(each.failures for each in found.ours)
    print(f"{found.workload.name}: {found.share:.0%} of the floor, {failures} failures")
    return found


def _table(scale: str, compared: list[Compared], timed: list[Timed]) -> str:
    lines = [
        f"# Measured {datetime.now(UTC):%Y-%m-%d}, scale {scale}",
        "",
        f"Python {platform.python_version()}, two servers, PostgreSQL and the load generator on the",
        "same cores. A ratio is the median of its rounds; `python -m bench` prints this table.",
        "",
        "| workload | floor, requests/s | ours, requests/s | share | promised | p99, ms | failures |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in compared:
        ours, floor = median(o.rate for o in each.ours), median(f.rate for f in each.floor)
        p99 = median(o.percentile(0.99) for o in each.ours)
        failures = sum(o.failures for o in each.ours)
        lines.append(
            f"| {each.workload.name} | {floor:.0f} | {ours:.0f} | {each.share:.0%}"
            f" | ≥ {each.workload.target:.0%} | {p99:.1f} | {failures} |"
        )
    lines += ["", "| direct | ms | beside | promised |", "|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.milliseconds:.1f} | {each.compared} | {each.promised} |"
        for each in timed
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
