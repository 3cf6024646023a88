"""Learning records: so many statements told in batches with real commits, and what follows from them.

python -m bench.statements [--statements 20000] [--batch 200]

It counts CPU time, of this process and of PostgreSQL, so that it says the same beside other work: reading
and checking a batch as it would have come, keeping it, then looking for doubts and counting progress.
What HTTP costs is not in it: that is a row of `make bench` (`over_http`).
"""

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from app.database.embedded import EmbeddedServer
from app.database.migrations import migrate
from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.doors import PLACE
from app.domain.access.roles import Role, SubjectKind
from app.domain.learning.learning_doubts import settle_due_progress
from app.domain.learning.learning_records import keep_statements, read_statements
from app.domain.training.activities import Activity
from app.domain.training.enrolments import Enrolment
from app.settings import Settings, get_settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.city import Chosen, signer
from bench.crowd import found_city
from bench.direct import Timed
from bench.load import Request, pace
from bench.meter import Meter, ran, ran_together
from bench.serving import Served, data_of

ISSUER = "http://127.0.0.1:8000"
LEARNERS = 500


async def found(url: str) -> tuple[Chosen, UUID, list[Row]]:
    """A city, a class of it that is on, and who has a place there."""
    driver = await asyncpg.connect(url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            chosen, people = await found_city(Connection(driver), LEARNERS)
            activity_id = await open_class(Connection(driver), chosen, people)
    finally:
        await driver.close()
    return chosen, activity_id, people


async def open_class(db: Connection, chosen: Chosen, people: Sequence[Row]) -> UUID:
    """A class of a city that is on, in which these have a place."""
    moment, activity_id = datetime.now(UTC), new_id()
    begins = moment.date() - timedelta(days=20)
    activity: Row = {
        "id": activity_id, "title": "测量用网络课程", "kind": "online_course",
        "mode": "self_directed", "channel": "online", "content": [], "hours": Decimal(20),
        "requires_note": False, "starts_on": begins, "ends_on": begins + timedelta(days=60),
        "state": "published", "published_at": moment, "created_by": chosen.account_id,
        "city_id": chosen.city_id, "county_id": chosen.city_id, "school_id": None,
    }  # fmt: skip
    await db.insert(Activity, activity)
    enrolled = [
        {
            "id": new_id(), "activity_id": activity_id, "teacher_id": each["id"],
            **{name: each[name] for name in PLACE}, "enrolled_at": moment,
        }
        for each in people
    ]  # fmt: skip
    await db.insert_all(Enrolment, enrolled)
    return activity_id


def player_of(chosen: Chosen) -> Actor:
    """A player that tells of anybody in the city."""
    grant = Grant(Role.INTEGRATION, SubjectKind.UNIT, chosen.city_id, chosen.city_id)
    return Actor(account_id=chosen.account_id, grants=(grant,))


def statements(
    activity_id: UUID, people: Sequence[Row], issuer: str = ISSUER
) -> Iterator[dict[str, Any]]:
    """What a player tells, page after page: of about 900 bytes each, as a video platform writes them."""
    began = datetime.now(UTC) - timedelta(days=15)
    for number in count():
        teacher, page = people[number % len(people)], number // len(people)
        yield {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": issuer, "name": str(teacher["id"])}},
            "verb": {
                "id": "http://adlnet.gov/expapi/verbs/experienced",
                "display": {"zh-CN": "观看了", "en-US": "experienced"},
            },
            "object": {
                "id": f"https://player.example/courses/1/pages/{page}",
                "definition": {
                    "name": {"zh-CN": f"第{page}节"}, "type": "https://w3id.org/xapi/video/activity-type/video",
                },
            },
            "result": {
                "duration": "PT4M30S", "completion": False,
                "extensions": {"https://w3id.org/xapi/video/extensions/progress": 0.5},
            },
            "context": {
                "registration": str(UUID(int=number % len(people))), "platform": "web",
                "contextActivities": {"parent": [{"id": f"{issuer}/activities/{activity_id}"}]},
            },
            "timestamp": (began + timedelta(minutes=5 * page, seconds=number % 40)).isoformat(),
        }  # fmt: skip


def in_batches(told: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """So many at a time, until there are none."""
    while batch := list(islice(told, size)):
        yield batch


async def tell(url: str, player: Actor, bodies: list[bytes]) -> None:
    """Read each batch and keep it, in a transaction of its own."""
    pool = await Pool.open(url, size=1, patience=5.0, statement_timeout=60)
    try:
        for body in bodies:
            async with pool.transaction() as db:
                told = read_statements(body)
                moment = datetime.now(UTC)
                await keep_statements(db, player, told=told, issuer=ISSUER, now=moment)
    finally:
        await pool.close()


async def settle(url: str) -> None:
    """Look for doubts and count progress, until nothing is due."""
    pool = await Pool.open(url, size=1, patience=5.0, statement_timeout=60)
    try:
        more = True
        while more:
            async with pool.transaction() as db:
                more = await settle_due_progress(db, now=datetime.now(UTC), at_most=200) > 0
    finally:
        await pool.close()


OVER_HTTP, AT_ONCE = 10_000, 25
"""How many statements are told over HTTP, and how many in one request: players send what has gathered."""


async def _prepare(settings: Settings, chosen: Chosen) -> list[Request]:
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        people = list(map(dict, await driver.fetch(_LEARNERS, LEARNERS)))
        async with driver.transaction():
            activity_id = await open_class(Connection(driver), chosen, people)
    finally:
        await driver.close()
    token = signer(settings)(player_of(chosen))
    signed = (("Authorization", f"Bearer {token}"), ("X-Experience-API-Version", "1.0.3"))
    told = islice(statements(activity_id, people, settings.address), OVER_HTTP)
    return [
        Request("POST", "/xapi/statements", signed, json.dumps(each).encode())
        for each in in_batches(told, AT_ONCE)
    ]


_LEARNERS = "SELECT id, city_id, county_id, school_id FROM teacher ORDER BY id LIMIT $1"


def over_http(settings: Settings, chosen: Chosen, served: Served) -> Timed:
    """Tell statements over HTTP, each request committed: what a thousand take of processors."""
    requests, data = asyncio.run(_prepare(settings, chosen)), data_of(settings)
    own, database = ran(served.process), ran_together(data)
    sent = pace(served.port, requests, rate=len(requests), seconds=1, connections=4)
    measured = asyncio.run(sent)
    if measured.failures:
        raise SystemExit(f"{measured.failures} of {len(requests)} requests were refused")
    thousand = OVER_HTTP / 1000 * 1e6
    spent = (
        (ran(served.process) - own) / thousand,
        (ran_together(data) - database) / thousand,
    )
    compared = (
        "{:.0f} ms ours, {:.0f} PostgreSQL's".format(*spent)
        + f"; {OVER_HTTP / measured.seconds:.0f}/s passed"
    )
    name = f"学习记录 1,000 statements over HTTP, {AT_ONCE} a request"
    return Timed(name, sum(spent), compared, "< 1000 ms of one core")


async def count_kept(url: str) -> tuple[int, int]:
    """How many statements are kept, and how many of them count."""
    driver = await asyncpg.connect(url)
    try:
        query = "SELECT (SELECT count(*) FROM learning_record), (SELECT sum(records) FROM learning_progress)"
        row = await driver.fetchrow(query)
        return row[0], row[1]
    finally:
        await driver.close()


def main() -> None:
    """Build the city in a folder of its own and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.statements")
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=200)
    asked = parser.parse_args()
    base = get_settings()
    with (
        TemporaryDirectory() as name,
        EmbeddedServer(Path(name), binaries=base.postgres_binaries) as server,
    ):
        migrate(server.urls.owner, server.urls.application)
        chosen, activity_id, people = asyncio.run(found(server.urls.application))
        player = player_of(chosen)
        told = islice(statements(activity_id, people), asked.statements)
        bodies = [json.dumps(each).encode() for each in in_batches(told, asked.batch)]
        [data] = (Path(name) / "cluster").resolve().glob("data")
        meter = Meter(data)
        with meter.measured("read and checked alone"):
            for body in bodies:
                read_statements(body)
        with meter.measured(f"{asked.statements} told, {asked.batch} at a time"):
            asyncio.run(tell(server.urls.application, player, bodies))
        with meter.measured(f"doubts and progress of {LEARNERS} people"):
            asyncio.run(settle(server.urls.application))
        kept, counted = asyncio.run(count_kept(server.urls.application))
        print(f"kept {kept}, counted {counted}")
        if (kept, counted) != (asked.statements,) * 2:
            raise SystemExit("a statement too many, or too few")


if __name__ == "__main__":
    main()
