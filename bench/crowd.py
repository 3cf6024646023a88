"""A city's hall: 5,000 teachers check in within one minute, over HTTP, with real commits.

python -m bench.crowd [--teachers 5000] [--seconds 60]

It builds a city of its own beside nothing else, lets everybody come at an even pace, and then all of
them once more, as phones do that have heard nothing. Whatever is lost or doubled ends it.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from app.domain.access.accounts import Account
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.training.attendance.codes import code_at
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.city import Chosen, Sitting, crowd, hold_sitting, signer, teacher_actor
from bench.load import Measured, Request, pace
from bench.serving import OURS, own_database, servers

SCHOOLS = 50


async def found_city(db: Connection, teachers: int) -> tuple[Chosen, list[Row]]:
    """A city with schools directly under it and their teachers, all acting through one account."""
    city_id, account_id = new_id(), new_id()
    place = {"city_id": city_id, "county_id": city_id}
    city = {"id": city_id, "name": "测量市", "level": "city", "parent_id": None, "stages": []}
    await db.insert(Unit, city | place | {"school_id": None})
    schools: list[Row] = []
    for number in range(SCHOOLS):
        key = new_id()
        school = {"id": key, "name": f"测量学校{number:02}", "level": "school", "school_id": key}
        schools.append(school | place | {"parent_id": city_id, "stages": ["primary"]})
        await db.insert(Unit, schools[-1])
    account = {"id": account_id, "name": "crowd", "display_name": "测量账号", "kind": "person"}
    await db.insert(Account, account | place | {"school_id": None})
    people = crowd(schools, teachers)
    await db.insert_all(Teacher, people)
    today = datetime.now(UTC).astimezone().date()
    keys = [school["id"] for school in schools]
    return Chosen(city_id, [], keys, [], [], account_id, account_id, today), people


def arrivals(tokens: Sequence[str], sitting: Sitting, seconds: float) -> list[Request]:
    """What each of them sends, with the code that is shown when it is due."""
    path, began = f"/api/v1/sessions/{sitting.session_id}/check-in", datetime.now(UTC)
    requests = []
    for number, token in enumerate(tokens):
        due = began + timedelta(seconds=number * seconds / len(tokens))
        given = {
            "code": code_at(sitting.secret, sitting.session_id, due),
            "device": f"device-{number:012}",
        }
        signed = (("Authorization", f"Bearer {token}"),)
        requests.append(Request("POST", path, signed, json.dumps(given).encode()))
    return requests


async def count(url: str, session_id: UUID) -> tuple[int, int, int]:
    """How many records there are, of how many people, and how many acts."""
    driver = await asyncpg.connect(url)
    try:
        row = await driver.fetchrow(
            "SELECT count(*), count(DISTINCT teacher_id) FROM attendance WHERE session_id = $1",
            session_id,
        )
        acts = await driver.fetchval(
            "SELECT count(*) FROM audit_act WHERE target_id = $1", session_id
        )
        return row[0], row[1], acts
    finally:
        await driver.close()


async def prepare(settings: Settings, teachers: int) -> tuple[Chosen, Sitting, list[str]]:
    """The city, the session that is on now, and a token for everybody."""
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            chosen, people = await found_city(Connection(driver), teachers)
            sitting = await hold_sitting(Connection(driver), chosen)
    finally:
        await driver.close()
    sign = signer(settings)
    return chosen, sitting, [sign(teacher_actor(chosen.account_id, row)) for row in people]


def tell(what: str, measured: Measured) -> None:
    """One line of what was measured."""
    p50, p99 = (measured.percentile(share) for share in (0.5, 0.99))
    print(
        f"{what}: {measured.requests} requests in {measured.seconds:.0f} s, "
        f"{measured.failures} failures, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    )


def measure(settings: Settings, teachers: int, seconds: float) -> None:
    """Let everybody come, twice, and count."""
    chosen, sitting, tokens = asyncio.run(prepare(settings, teachers))
    with servers(settings, chosen.for_floor(), [OURS]) as served:
        for what in ("签到 check-in", "重复 the same again"):
            requests = arrivals(tokens, sitting, seconds)
            rate = teachers / seconds
            tell(what, asyncio.run(pace(served[OURS].port, requests, rate=rate, seconds=seconds)))
    counted = asyncio.run(count(str(settings.database_url), sitting.session_id))
    print(f"records {counted[0]}, people {counted[1]}, acts {counted[2]}")
    if counted != (teachers,) * 3:
        raise SystemExit("somebody was lost or doubled")


def main() -> None:
    """Build the city in a folder of its own and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd")
    parser.add_argument("--teachers", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    with own_database() as settings:
        measure(settings, asked.teachers, asked.seconds)


if __name__ == "__main__":
    main()
