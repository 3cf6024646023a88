"""An import during which the application, the worker and PostgreSQL are killed (SIGKILL), again and again.

Each is a process of its own, as in a deployment, and is started again after it was killed; the script asks
over HTTP, as scripts do, and asks again where nobody answers. Which of them is killed, and how far the work
is by then, is drawn; the same seed draws the same. After each kill and at the end what is in the database
is counted: what is said to be entered is there, wholly and once.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import httpx2

from app.domain.access.roles import Role
from app.domain.organisation.units import Level
from app.domain.people.identity import check_digit
from app.settings import Settings
from app.sql import Connection, Row
from bench.city import signer
from prove.ground import Found, Ground
from prove.house import VICTIMS, House
from prove.town import rows_of, work
from tests.make import Person, make_account, make_unit
from tests.make_imports import PEOPLE_HEAD

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


class Counted:
    """What has come into the database since this was made, all as of one moment."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._before = self._count()

    def __call__(self) -> dict[str, int]:
        """Count now."""
        return {name: number - self._before[name] for name, number in self._count().items()}

    def _count(self) -> dict[str, int]:
        [row] = asyncio.run(rows_of(self._url, _COUNTS))
        return dict(row)


class Script:
    """What hands a file in and has it entered, whoever is killed meanwhile."""

    def __init__(self, house: House, draw: random.Random) -> None:
        self._house, self._draw = house, draw
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{house.port}/api/v1", timeout=60)
        self.unit_id, self.schools, self._headers = _found(house.settings)
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
        self._house.supervise()
        if time.monotonic() - self._got_on > PATIENCE:
            raise AssertionError(f"nothing got on:\n{self._house.logs()}")

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

    def await_work(
        self, import_id: str, total: int, points: list[float], counted: Counted
    ) -> dict[str, Any]:
        """Wait until the work on an import is done, killing somebody at these points of it."""
        left, before = sorted(points), -1
        while True:
            run: dict[str, Any] = self.ask("GET", f"/imports/{import_id}").json()
            if run["done"] != before:
                before, self._got_on = run["done"], time.monotonic()
            over = run["state"] in {"done", "failed", "cancelled"}
            if over and not left:
                if run["state"] != "done":
                    raise AssertionError(f"the import is {run['state']}: {run}")
                return run
            # What was done before anybody looked is killed at its end.
            if left and (over or run["done"] >= left[0] * total):
                left.pop(0)
                self._house.kill(self._draw.choice(VICTIMS))
                check_whole(counted())
            self._check_patience()
            time.sleep(0.01)


def check_whole(counts: dict[str, int]) -> None:
    """Every person who is said to be entered is there with all that belongs to them, and nobody else."""
    recorded = counts.pop("recorded")
    if len(set(counts.values())) != 1 or recorded < counts["teachers"]:
        raise AssertionError(f"not whole: {counts}, recorded {recorded}")


def _found(settings: Settings) -> tuple[str, list[str], dict[str, str]]:
    """A city with twenty schools, and what its administrator asks with."""
    schools = [f"甲县第{number}小学" for number in range(20)]

    async def make(db: Connection) -> tuple[Row, Person]:
        city = await make_unit(db, "测试市", Level.CITY)
        county = await make_unit(db, "甲县", Level.COUNTY, city)
        for name in schools:
            await make_unit(db, name, Level.SCHOOL, county)
        return county, await make_account(db, "county.admin", Role.COUNTY_ADMIN, county)

    county, admin = asyncio.run(work(str(settings.database_url), make))
    token = signer(settings)(admin.actor)
    return str(county["id"]), schools, {"Authorization": f"Bearer {token}"}


def file_of(rows: int, start: int, schools: list[str]) -> tuple[bytes, int]:
    """A file about people whom nobody has entered yet, and how many of them can be."""
    lines = [PEOPLE_HEAD + ",岗位"]
    for number in range(start, start + rows):
        body = f"100000{date(1966, 1, 1) + timedelta(days=number % 12_000):%Y%m%d}"
        body += f"{number // 12_000:03d}"
        subject = "语文" if number % _UNREADABLE else "无此科"
        school = schools[number % len(schools)]
        lines.append(
            f"测试{number},{body}{check_digit(body)},{school},{subject},小学,一级教师,任课教师"
        )
    refused = sum(number % _UNREADABLE == 0 for number in range(start, start + rows))
    return "\n".join([*lines, ""]).encode(), rows - refused


def kill_again_and_again(
    house: House, draw: random.Random, *, rows: int, kills: int, rounds: int, undo: bool = True
) -> dict[str, int]:
    """Take a file over in each round, with so many kills in each; what was counted at the end.

    The application and a worker run in the house.
    """
    script = Script(house, draw)
    counted = Counted(house.urls.owner)
    entered, counts = 0, counted()
    try:
        for turn in range(rounds):
            content, right = file_of(rows, turn * rows, script.schools)
            points = sorted(draw.random() * (2 + undo) for _ in range(kills - 1))
            import_id = script.hand_in(f"名册{turn}.csv", content, draw.random())
            script.await_work(import_id, rows, [each for each in points if each < 1], counted)
            for work_, start in (("apply", 1), ("undo", 2))[: 1 + undo]:
                script.ask("POST", f"/imports/{import_id}/{work_}")
                within = [each - start for each in points if start <= each < start + 1]
                run = script.await_work(import_id, right, within, counted)
                counts = counted()
                check_whole_after(counts, entered + (right if work_ == "apply" else 0))
                if (run["applied"], run["rejects"]) != (right, rows - right):
                    raise AssertionError(f"{right} of {rows} lines are right: {run}")
            entered += 0 if undo else right
        return counts
    finally:
        script.close()


def check_whole_after(counts: dict[str, int], entered: int) -> None:
    """Just these people are there."""
    check_whole(counts)
    if counts["teachers"] != entered:
        raise AssertionError(f"{entered} people were entered: {counts}")


def prove_imports(ground: Ground) -> Found:
    """Files taken over while application, worker and PostgreSQL are killed."""
    rows, kills, rounds = ground.times((300, 3, 1), (100_000, 20, 2))
    house, before = ground.house, dict(ground.house.kills)
    house.start("worker")
    try:
        kill_again_and_again(house, ground.draw, rows=rows, kills=kills, rounds=rounds)
    finally:
        house.end("worker")
    house.wait_ready()
    killed = {name: house.kills[name] - before[name] for name in VICTIMS}
    found = Found(repetitions=sum(killed.values()))
    found.figures["rows"] = rows * rounds
    found.figures |= {f"kills of {name}": number for name, number in killed.items()}
    return found
