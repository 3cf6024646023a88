"""`make bench`: load the city, press both servers in turn, print the table and keep it.

python -m bench [--scale city|demo] [--seconds 3] [--rounds 3] [--only cd]

With `--only` it measures the workloads of these letters and nothing else, and keeps no table.

Rates say little on a machine that others use too. What a request takes of the processors, in the server's
process and in PostgreSQL's, says the same there, as a ratio of two servers that are asked in turn.
"""

import argparse
import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.database.pool import Pool
from app.demo.loading import load_demo
from app.demo.scales import SCALES
from app.security.personal_data import load_cipher
from app.settings import Settings, get_settings
from app.sql import Connection, prepare_connection
from bench import city, direct, growth, workloads
from bench.access import access
from bench.certificates import certificates
from bench.city import Chosen
from bench.direct import Timed
from bench.learning import crowds, learning
from bench.load import pace, press
from bench.meter import ran, ran_together
from bench.report import Compared, Round, table
from bench.serving import FLOOR, GRAPHQL_CORE, OURS, Served, data_of, servers
from bench.workloads import Workload
from bench.year import year

RESULTS = Path(__file__).parent / "results.md"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--scale", choices=SCALES, default="city")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="letters of workloads, as in the table")
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
                # What is measured is how fast it is, not how fast anybody may ask.
                "requests_per_second": 0.0,
            }
        )
        migrate(server.urls.owner, server.urls.application)
        asyncio.run(_load(settings, asked.scale))
        chosen, tokens = asyncio.run(_choose(settings))
        load = Load(asked.seconds, asked.rounds, asked.only, data_of(settings))
        compared = list(_over_http(settings, chosen, tokens, load))
        timed = (
            []
            if asked.only
            else [
                *uvloop.run(_directly(server.urls, load.data, chosen)),
                *asyncio.run(access(settings, tokens[0])),
                *asyncio.run(learning(settings, chosen)),
                *crowds(settings, chosen),
            ]
        )
    text = table(asked.scale, compared, timed)
    print(text)
    if not asked.only:
        RESULTS.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Load:
    """How long and how often each workload is asked, and which; where PostgreSQL's data lie."""

    seconds: float
    rounds: int
    only: str
    data: Path

    def wants(self, letter: str) -> bool:
        """Whether a workload is asked."""
        return not self.only or letter in self.only


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
    actors = [
        city.city_actor(chosen),
        *(city.teacher_actor(chosen.account_id, row) for row in rows),
    ]
    return chosen, [sign(actor) for actor in actors]


def _over_http(
    settings: Settings, chosen: Chosen, tokens: list[str], load: Load
) -> Iterator[Compared]:
    with servers(settings, chosen.for_floor()) as served:
        for workload in workloads.reading(chosen, tokens[0]):
            if load.wants(workload.name[0]):
                yield _compare(served, [workload] * load.rounds, load)
        if load.wants("e"):
            # One after the other: the code to check in with holds for a short while.
            sittings = (asyncio.run(_sit(settings, chosen, tokens[1:])) for _ in range(load.rounds))
            yield _compare(served, sittings, load)


def _compare(served: dict[str, Served], rounds: Iterable[Workload], load: Load) -> Compared:
    """The servers in turn, round by round; then ours at half of what it could do."""
    found: dict[str, list[Round]] = {}
    for workload in rounds:
        for kind, server in served.items():
            if kind != GRAPHQL_CORE or workload.is_graphql:
                found.setdefault(kind, []).append(_press(server, kind, workload, load))
    compared = Compared(workload, found)
    if workload.patience is not None:
        rate, port = compared.rate(OURS) / 2, served[OURS].port
        half = pace(port, workload.ours, rate=rate, seconds=2 * load.seconds)
        compared = Compared(workload, found, asyncio.run(half))
    failures = sum(each.measured.failures for kind in found.values() for each in kind)
    print(f"{workload.name}: {compared.times(FLOOR):.0%} of the floor, {failures} failures")
    return compared


def _press(server: Served, kind: str, workload: Workload, load: Load) -> Round:
    """One round of one server, and the processor time that it and PostgreSQL took meanwhile."""
    asked = workload.floor if kind == FLOOR else workload.ours
    own, database = ran(server.process), ran_together(load.data)
    pressed = press(server.port, asked, clients=workload.clients, seconds=load.seconds)
    measured = asyncio.run(pressed)
    requests = 1000 * max(measured.requests, 1)
    return Round(
        measured,
        (ran(server.process) - own) / requests,
        (ran_together(load.data) - database) / requests,
    )


async def _sit(settings: Settings, chosen: Chosen, tokens: list[str]) -> Workload:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        sittings = [await city.hold_sitting(Connection(driver), chosen) for _ in range(2)]
    finally:
        await driver.close()
    return workloads.checking_in(tokens, sittings[0], sittings[1], chosen)


async def _directly(urls: Urls, data: Path, chosen: Chosen) -> list[Timed]:
    pool = await Pool.open(urls.application, size=2, patience=5, statement_timeout=60)
    try:
        return [
            *await direct.compliance(pool, chosen),
            *await growth.grown_compliance(pool, chosen),
            await direct.standing(pool, chosen),
            await direct.rebuilding(pool, chosen),
            await growth.what_if(pool, chosen),
            await direct.exporting(pool, chosen),
            await direct.recognition(pool, urls.owner, chosen),
            await certificates(pool, urls.owner, chosen),
            direct.planning(chosen),
            *await year(urls.owner, data, chosen),
        ]
    finally:
        await pool.close()


if __name__ == "__main__":
    main()
