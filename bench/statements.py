"""Learning records: so many statements told in batches with real commits, and what follows from them.

python -m bench.statements [--statements 20000] [--batch 200]

It counts CPU time, of this process and of PostgreSQL, so that it says the same beside other work: reading
and checking a batch as it would have come, keeping it, then looking for doubts and counting progress.
What HTTP costs is not in it: for each batch that is one request.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator
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
from app.domain.access.roles import Role, SubjectKind
from app.domain.learning.learning_doubts import settle_due_progress
from app.domain.learning.learning_records import keep_statements, read_statements
from app.domain.training.activities import Activity
from app.domain.training.enrolments import Enrolment
from app.settings import get_settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.city import Chosen
from bench.crowd import found_city
from bench.meter import Meter

ISSUER = "http://127.0.0.1:8000"
LEARNERS = 500


async def open_class(url: str) -> tuple[Chosen, UUID, list[Row]]:
    """A city, a class of it that is on, and who has a place there."""
    driver = await asyncpg.connect(url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            db, moment, activity_id = Connection(driver), datetime.now(UTC), new_id()
            chosen, people = await found_city(db, LEARNERS)
            place = {"city_id": chosen.city_id, "county_id": chosen.city_id}
            begins = moment.date() - timedelta(days=20)
            activity: Row = {
                "id": activity_id, "title": "测量用网络课程", "kind": "online_course",
                "mode": "self_directed", "channel": "online", "content": [], "hours": Decimal(20),
                "requires_note": False, "starts_on": begins, "ends_on": begins + timedelta(days=60),
                "state": "published", "published_at": moment, "created_by": chosen.account_id,
                **place, "school_id": None,
            }  # fmt: skip
            await db.insert(Activity, activity)
            enrolled = [
                {
                    "id": new_id(), "activity_id": activity_id, "teacher_id": each["id"], **place,
                    "school_id": each["school_id"], "enrolled_at": moment,
                }
                for each in people
            ]  # fmt: skip
            await db.insert_all(Enrolment, enrolled)
    finally:
        await driver.close()
    return chosen, activity_id, people


def statements(activity_id: UUID, people: list[Row]) -> Iterator[dict[str, Any]]:
    """What a player tells, page after page: of about 900 bytes each, as a video platform writes them."""
    began = datetime.now(UTC) - timedelta(days=15)
    for number in count():
        teacher, page = people[number % len(people)], number // len(people)
        yield {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": ISSUER, "name": str(teacher["id"])}},
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
                "contextActivities": {"parent": [{"id": f"{ISSUER}/activities/{activity_id}"}]},
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
        chosen, activity_id, people = asyncio.run(open_class(server.urls.application))
        grant = Grant(Role.INTEGRATION, SubjectKind.UNIT, chosen.city_id, chosen.city_id)
        player = Actor(account_id=chosen.account_id, grants=(grant,))
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
