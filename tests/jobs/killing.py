"""An import during which the application, the worker and PostgreSQL are killed (SIGKILL), again and again.

python -m tests.jobs.killing --rows 100000 --kills 10 --rounds 5 --seed 1

Each is a process of its own, as in a deployment, and is started again after it was killed; the script asks
over HTTP, as scripts do, and asks again where nobody answers. Which of them is killed, and how far the work
is by then, is drawn; the same seed draws the same. After each kill and at the end what is in the database
is counted: what is said to be entered is there, wholly and once.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx2
import uvicorn

from app.database.embedded import EmbeddedServer, Urls
from app.database.migrations import migrate
from app.domain.access.roles import Role
from app.domain.exchange.imports import KINDS, ImportSubject
from app.domain.organisation.units import Level
from app.domain.people.identity import check_digit
from app.jobs import JOBS, importing
from app.jobs.worker import work
from app.main import create_application, open_keyring, open_resources
from app.request.actors import claims_of
from app.request.upkeep.rounds import again
from app.settings import Settings
from app.sql import Connection, prepare_connection
from tests.make import make_account, make_unit
from tests.make_imports import PEOPLE_HEAD

VICTIMS = ("application", "worker", "postgres")
PATIENCE = 900
"""Seconds without anything getting on, after which something is broken."""
_UNREADABLE = 7
"""Every so manieth line cannot be entered."""
_COUNTS = """
SELECT (SELECT count(*) FROM teacher) AS teachers,
    (SELECT count(*) FROM employment) AS relations,
    (SELECT count(*) FROM teacher_rank) AS ranks,
    (SELECT count(*) FROM teacher_state) AS states,
    (SELECT count(*) FROM teacher_post) AS posts,
    (SELECT coalesce(sum(teachers), 0)::bigint FROM school_register) AS on_register,
    (SELECT count(*) FROM import_origin) AS origins,
    (SELECT count(*) FROM import_row WHERE state = 'applied') AS rows,
    (SELECT coalesce(sum(applied - undone), 0)::bigint FROM import) AS said,
    (SELECT count(*) FROM audit_change
        WHERE table_name = 'teacher' AND before IS NULL) AS recorded
"""


@dataclass
class Killed:
    """A deployment in a folder: its database, its application and its worker."""

    folder: Path
    part: int
    port: int = 0
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VICTIMS, 0))
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        binaries = os.environ.get("YANXUN_POSTGRES_BINARIES")
        self._server = EmbeddedServer(self.folder, binaries=Path(binaries) if binaries else None)
        self.urls: Urls = self._server.start()
        migrate(self.urls.owner, self.urls.application)
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = int(door.getsockname()[1])
        for name in ("application", "worker"):
            self._start(name)

    def _start(self, name: str) -> None:
        variables = os.environ | {
            "DATABASE_URL": self.urls.application,
            "YANXUN_DATA_FOLDER": str(self.folder),
            "YANXUN_WORKER": "false",
            "YANXUN_REQUESTS_PER_SECOND": "0",
        }
        command = [sys.executable, "-m", "tests.jobs.killing", name]
        command += [str(self.port) if name == "application" else str(self.part)]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, env=variables, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        """Kill one of them, and start it again."""
        self.kills[name] += 1
        if name == "postgres":
            data = (self.folder / "cluster").resolve() / "data"
            os.kill(int((data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGKILL)
            while self._server.alive:
                time.sleep(0.01)
            self._server.start()
            return
        self._running[name].kill()
        self._running[name].wait()
        self._start(name)

    def counts(self) -> dict[str, int]:
        """What is in the database, all as of one moment."""

        async def ask() -> dict[str, int]:
            driver = await asyncpg.connect(self.urls.owner)
            try:
                return dict(await driver.fetchrow(_COUNTS))
            finally:
                await driver.close()

        return asyncio.run(ask())

    def erase(self) -> None:
        """End all of them."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._server.erase()


class Script:
    """What hands a file in and has it entered, whoever is killed meanwhile."""

    def __init__(self, house: Killed, draw: random.Random) -> None:
        self._house, self._draw = house, draw
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{house.port}/api/v1", timeout=60)
        settings = Settings(data_folder=house.folder, database_url=house.urls.application)
        self.unit_id, self.schools, self._headers = asyncio.run(_found(settings))
        self._got_on = time.monotonic()

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """What is answered, asked again as long as nobody does or the database is away."""
        while True:
            with suppress(httpx2.TransportError):
                answer = self._http.request(method, path, headers=self._headers, **more)
                if answer.status_code not in {500, 503, 429}:
                    return answer
            self._check_patience()
            time.sleep(0.05)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _check_patience(self) -> None:
        if time.monotonic() - self._got_on > PATIENCE:
            logs = [log.read_text()[-3000:] for log in self._house.folder.glob("*.log")]
            raise AssertionError("nothing got on:\n" + "\n".join(logs))

    def hand_in(self, name: str, content: bytes, kill_at: float | None) -> str:
        """The import of a file, handed in once however often that was tried."""
        query = {"subject": "people", "unit_id": self.unit_id, "file_name": name}
        points = [] if kill_at is None else [kill_at]

        def pieces() -> Iterator[bytes]:
            step = max(len(content) // 20, 1)
            for at in range(0, len(content), step):
                if points and at >= points[0] * len(content):
                    points.pop()
                    self._house.kill(self._draw.choice(("application", "postgres")))
                yield content[at : at + step]

        while True:
            with suppress(httpx2.TransportError):
                answer = self._http.post(
                    "/imports", params=query, content=pieces(), headers=self._headers
                )
                if answer.status_code == 201:
                    return str(answer.json()["id"])
            self._check_patience()
            # It may have been taken in, and the answer lost.
            asked = {"unit_id": self.unit_id, "limit": 100}
            for run in self.ask("GET", "/imports", params=asked).json()["items"]:
                if run["file_name"] == name:
                    return str(run["id"])

    def await_work(self, import_id: str, total: int, points: list[float]) -> dict[str, Any]:
        """Wait until the work on an import is done, killing somebody at these points of it."""
        left, before = sorted(points), -1
        while True:
            run: dict[str, Any] = self.ask("GET", f"/imports/{import_id}").json()
            if run["done"] != before:
                before, self._got_on = run["done"], time.monotonic()
            over = run["state"] in {"done", "failed", "cancelled"}
            if over and not left:
                assert run["state"] == "done", run
                return run
            # What was done before anybody looked is killed at its end.
            if left and (over or run["done"] >= left[0] * total):
                left.pop(0)
                self._house.kill(self._draw.choice(VICTIMS))
                check_whole(self._house.counts())
            self._check_patience()
            time.sleep(0.01)


def check_whole(counts: dict[str, int]) -> None:
    """Every person who is said to be entered is there with all that belongs to them, and nobody else."""
    assert len(set(counts.values())) == 1, counts


async def _found(settings: Settings) -> tuple[str, list[str], dict[str, str]]:
    """A city with twenty schools, and what its administrator asks with."""
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        db = Connection(driver)
        async with db.transaction():
            city = await make_unit(db, "测试市", Level.CITY)
            county = await make_unit(db, "甲县", Level.COUNTY, city)
            schools = [f"甲县第{number}小学" for number in range(20)]
            for name in schools:
                await make_unit(db, name, Level.SCHOOL, county)
            admin = await make_account(db, "county.admin", Role.COUNTY_ADMIN, county)
    finally:
        await driver.close()
    token = open_keyring(settings).sign(
        claims_of(admin.actor, security_version=1), lifetime=timedelta(hours=12)
    )
    return str(county["id"]), schools, {"Authorization": f"Bearer {token}"}


def lines_of(rows: int, start: int, schools: list[str]) -> tuple[list[str], int]:
    """Lines of a file about people whom nobody has entered yet, and how many of them can be."""
    lines = []
    for number in range(start, start + rows):
        body = f"100000{date(1966, 1, 1) + timedelta(days=number % 12_000):%Y%m%d}"
        body += f"{number // 12_000:03d}"
        subject = "语文" if number % _UNREADABLE else "无此科"
        school = schools[number % len(schools)]
        lines.append(
            f"测试{number},{body}{check_digit(body)},{school},{subject},小学,一级教师,任课教师"
        )
    refused = sum(number % _UNREADABLE == 0 for number in range(start, start + rows))
    return lines, rows - refused


def kill_again_and_again(
    folder: Path,
    *,
    rows: int,
    kills: int,
    rounds: int,
    seed: int,
    part: int = 2_000,
    undo: bool = True,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Take a file over in each round, with so many kills in each; how often each was killed."""
    draw = random.Random(seed)
    house = Killed(folder, part)
    script = Script(house, draw)
    entered, counts = 0, house.counts()
    try:
        for turn in range(rounds):
            lines, right = lines_of(rows, turn * rows, script.schools)
            points = sorted(draw.random() * (2 + undo) for _ in range(kills - 1))
            content = "\n".join([PEOPLE_HEAD + ",岗位", *lines, ""]).encode()
            import_id = script.hand_in(f"名册{turn}.csv", content, draw.random())
            script.await_work(import_id, rows, [each for each in points if each < 1])
            for work_, start in (("apply", 1), ("undo", 2))[: 1 + undo]:
                script.ask("POST", f"/imports/{import_id}/{work_}")
                within = [each - start for each in points if start <= each < start + 1]
                run = script.await_work(import_id, right, within)
                counts = house.counts()
                check_whole_after(counts, entered + (right if work_ == "apply" else 0))
                assert (run["applied"], run["rejects"]) == (right, rows - right), run
            entered += 0 if undo else right
            told(f"round {turn + 1}: {rows} rows, killed so far {house.kills}, {counts}")
        return house.kills
    finally:
        script.close()
        house.erase()


def check_whole_after(counts: dict[str, int], entered: int) -> None:
    """Just these people are there."""
    recorded = counts.pop("recorded")
    assert set(counts.values()) == {entered}, counts
    assert recorded >= entered, recorded


def _application(port: int) -> None:
    uvicorn.run(create_application(Settings()), port=port, log_level="warning", access_log=False)


async def _worker(part: int) -> None:
    """A worker whose parts are so long, and that takes over soon what another has left."""

    async def do_jobs(held: Any) -> None:
        await work(held, JOBS, stale_after=timedelta(seconds=3))

    people = replace(KINDS[ImportSubject.PEOPLE], part=part)
    with (
        patch.dict(KINDS, {ImportSubject.PEOPLE: people}),
        patch.object(importing, "_STAGED_AT_ONCE", min(part, 1_000)),
    ):
        async with open_resources(Settings()) as held:
            await again(do_jobs, held)


def main() -> None:
    """Do it by hand, or be one of those who are killed."""
    if sys.argv[1] == "application":
        _application(int(sys.argv[2]))
    elif sys.argv[1] == "worker":
        asyncio.run(_worker(int(sys.argv[2])))
    else:
        parser = argparse.ArgumentParser(prog="python -m tests.jobs.killing")
        for name, usual in (("rows", 100_000), ("kills", 10), ("rounds", 5), ("seed", 1)):
            parser.add_argument(f"--{name}", type=int, default=usual)
        parser.add_argument("--undo", action="store_true")
        with tempfile.TemporaryDirectory() as name:
            said = vars(parser.parse_args())
            told = partial(print, flush=True)
            told(json.dumps(kill_again_and_again(Path(name), told=told, **said)))


if __name__ == "__main__":
    main()
