"""The rush for places: 5,000 teachers choose one of 200 places within one second, over HTTP.

Whoever is answered 201 has a place and everybody else is told that there is none; a place more or
less than there are, or a teacher with two, ends it. It is a row of `make bench`, and alone
`python -m bench.learning --only rush`.
"""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from app.domain.access.accounts import Account
from app.domain.learning.choice_rounds import ChoiceOffering, ChoiceRound
from app.domain.training.activities import Activity, ActivityAudience, ActivitySession
from app.domain.training.enrolments import PlaceRule
from app.settings import Settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.city import Chosen, signer, teacher_actor
from bench.direct import Timed
from bench.load import Request, pace
from bench.meter import ran, ran_together
from bench.serving import Served, data_of

PLACES = 200
RUSHING = 5_000


async def open_round(db: Connection, chosen: Chosen, places: int) -> tuple[UUID, UUID]:
    """A round, first come, first served, in which one activity with so many places can be chosen."""
    moment, activity_id = datetime.now(UTC), new_id()
    later, place = moment + timedelta(days=10), {"city_id": chosen.city_id, "school_id": None}
    place |= {"county_id": chosen.city_id}
    activity: Row = {
        "id": activity_id, "title": "测量用课程 / measured class", "kind": "lecture",
        "mode": "concentrated", "channel": "school_based", "content": [], "hours": Decimal(2),
        "requires_note": False, "starts_on": later.date(), "ends_on": later.date(),
        "capacity": places, "state": "published", "published_at": moment,
        "created_by": chosen.account_id, **place,
    }  # fmt: skip
    await db.insert(Activity, activity)
    session = {
        "id": new_id(), "activity_id": activity_id, "ordinal": 1, "starts_at": later,
        "ends_at": later + timedelta(hours=2), "hours": Decimal(2), "secret": bytes(32),
    }  # fmt: skip
    await db.insert(ActivitySession, session)
    await db.insert(ActivityAudience, {"activity_id": activity_id, "target_id": chosen.city_id})
    round_id = new_id()
    row: Row = {
        "id": round_id, "title": "测量用选课", "way": "first_come", **place,
        "opens_at": moment - timedelta(hours=1), "closes_at": moment + timedelta(days=1),
        "most_choices": 1, "most_places": 1, "priorities": [], "favoured": [],
        "state": "published", "published_at": moment, "created_by": chosen.account_id,
    }  # fmt: skip
    await db.insert(ChoiceRound, row)
    await db.insert(ChoiceOffering, {"round_id": round_id, "activity_id": activity_id})
    rules = {"waiting_list": False, "by_nomination": False, "by_choice": True}
    await db.insert(PlaceRule, {"activity_id": activity_id, **rules})
    return round_id, activity_id


async def _prepare(settings: Settings, chosen: Chosen) -> tuple[UUID, list[Request]]:
    """The activity of a new round, and what everybody sends, each from an account of their own.

    Refusals are recorded, and of one account so many alone.
    """
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            round_id, activity_id = await open_round(Connection(driver), chosen, PLACES)
            people = await driver.fetch(_PEOPLE, RUSHING)
            accounts = [{**_ACCOUNT, **_place(row), "id": new_id()} for row in people]
            names = [{**each, "name": f"rush-{each['id']}"} for each in accounts]
            await Connection(driver).insert_all(Account, names)
    finally:
        await driver.close()
    sign, path = signer(settings), f"/api/v1/choice-rounds/{round_id}/choices"
    body = json.dumps({"activity_id": str(activity_id)}).encode()
    tokens = [
        sign(teacher_actor(account["id"], row))
        for account, row in zip(accounts, people, strict=True)
    ]
    signed = [(("Authorization", f"Bearer {token}"),) for token in tokens]
    return activity_id, [Request("POST", path, each, body) for each in signed]


_PEOPLE = """
SELECT id, city_id, county_id, school_id FROM teacher WHERE merged_into_id IS NULL ORDER BY id LIMIT $1
"""
_ACCOUNT = {"display_name": "测量账号", "kind": "person"}


def _place(row: Any) -> Row:
    return {name: row[name] for name in ("city_id", "county_id", "school_id")}


async def count(url: str, activity_id: UUID) -> tuple[int, int, int]:
    """How many places were given, to how many people, and how many choices stand."""
    driver = await asyncpg.connect(url)
    try:
        row = await driver.fetchrow(
            "SELECT count(*), count(DISTINCT teacher_id),"
            " (SELECT count(*) FROM choice WHERE activity_id = $1 AND withdrawn_at IS NULL)"
            " FROM enrolment WHERE activity_id = $1 AND withdrawn_at IS NULL",
            activity_id,
        )
        return row[0], row[1], row[2]
    finally:
        await driver.close()


def rush(settings: Settings, chosen: Chosen, served: Served) -> Timed:
    """Let teachers of the city choose within one second, and count."""
    activity_id, requests = asyncio.run(_prepare(settings, chosen))
    crowd, data = len(requests), data_of(settings)
    own, database = ran(served.process), ran_together(data)
    measured = asyncio.run(pace(served.port, requests, rate=crowd, seconds=1))
    spent = (ran(served.process) - own) / 1e9, (ran_together(data) - database) / 1e9
    counted = asyncio.run(count(str(settings.database_url), activity_id))
    if counted != (PLACES,) * 3 or measured.failures != crowd - PLACES:
        told = crowd - measured.failures
        raise SystemExit(f"{PLACES} places, {told} were told that they have one: {counted}")
    compared = "exact; processor time {:.1f} s ours, {:.1f} s PostgreSQL's".format(*spent)
    name = f"抢课 {crowd} teachers, {PLACES} places"
    return Timed(name, 1000 * measured.seconds, compared, "exact, < 10 s")
