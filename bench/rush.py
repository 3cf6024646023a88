"""The rush for places: 5,000 teachers choose one of 200 places within one second, over HTTP.

python -m bench.rush [--teachers 5000] [--places 200]

Whoever is answered 201 has a place and everybody else is told that there is none; a place more or
less than there are, or a teacher with two, ends it.
"""

import argparse
import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg

from app.database.embedded import EmbeddedServer
from app.database.migrations import migrate
from app.domain.learning.choice_rounds import ChoiceOffering, ChoiceRound
from app.domain.training.activities import Activity, ActivityAudience, ActivitySession
from app.domain.training.enrolments import PlaceRule
from app.security.personal_data import load_cipher
from app.settings import Settings, get_settings
from app.sql import Connection, Row, new_id, prepare_connection
from bench.city import Chosen, signer, teacher_actor
from bench.crowd import found_city, tell
from bench.load import Request, pace
from bench.serving import OURS, servers


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


async def prepare(
    settings: Settings, teachers: int, places: int
) -> tuple[Chosen, UUID, list[Request]]:
    """The city with its round; the activity; what everybody sends."""
    driver = await asyncpg.connect(settings.database_url)
    try:
        await prepare_connection(driver)
        async with driver.transaction():
            chosen, people = await found_city(Connection(driver), teachers)
            round_id, activity_id = await open_round(Connection(driver), chosen, places)
    finally:
        await driver.close()
    sign, path = signer(settings), f"/api/v1/choice-rounds/{round_id}/choices"
    body = json.dumps({"activity_id": str(activity_id)}).encode()
    tokens = [sign(teacher_actor(chosen.account_id, row)) for row in people]
    signed = [(("Authorization", f"Bearer {token}"),) for token in tokens]
    return chosen, activity_id, [Request("POST", path, each, body) for each in signed]


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


def measure(settings: Settings, teachers: int, places: int) -> None:
    """Let everybody choose within one second, and count."""
    chosen, activity_id, requests = asyncio.run(prepare(settings, teachers, places))
    with servers(settings, chosen.for_floor()) as served:
        measured = asyncio.run(pace(served[OURS].port, requests, rate=teachers, seconds=1))
    tell("抢课 rush", measured)
    counted = asyncio.run(count(str(settings.database_url), activity_id))
    print(f"places given {counted[0]}, to people {counted[1]}, choices {counted[2]}")
    if counted != (places,) * 3 or measured.failures != teachers - places:
        raise SystemExit("a place too many, too few, or given twice")


def main() -> None:
    """Build the city in a folder of its own and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.rush")
    parser.add_argument("--teachers", type=int, default=5_000)
    parser.add_argument("--places", type=int, default=200)
    asked = parser.parse_args()
    base = get_settings()
    with (
        TemporaryDirectory() as name,
        EmbeddedServer(Path(name), binaries=base.postgres_binaries) as server,
    ):
        settings = base.model_copy(
            update={
                "data_folder": Path(name),
                "database_url": server.urls.application,
                "database_owner_url": server.urls.owner,
                "requests_per_second": 0.0,
            }
        )
        migrate(server.urls.owner, server.urls.application)
        load_cipher(
            settings.data_folder / "personal_data_keys.json"
        )  # or each server makes its own
        measure(settings, asked.teachers, asked.places)


if __name__ == "__main__":
    main()
