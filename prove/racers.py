"""Many who ask at once for what there is a number of: places, one natural key, one document."""

import asyncio
from collections import Counter
from dataclasses import replace
from functools import partial

from app.sql import Connection, Row
from bench.load import Request
from prove.asking import Answer, Insistent
from prove.ground import Found, Ground, each
from prove.town import transfer
from tests.domain.credits.making import attend, make_closed_activity
from tests.make import make_activity

CONNECTIONS = 64


async def _race(ground: Ground, requests: list[Request]) -> list[Answer]:
    """The answers to requests that are all sent at once, from as many connections as are held open."""
    clients = [Insistent(lambda: ground.house.port) for _ in range(min(CONNECTIONS, len(requests)))]
    free = list(clients)

    async def ask(request: Request) -> Answer:
        client = free.pop()
        try:
            return await client.ask(request)
        finally:
            free.append(client)

    try:
        return await each([partial(ask, request) for request in requests], len(clients))
    finally:
        for client in clients:
            client.close()


def prove_racers(ground: Ground) -> Found:
    """Places, recognitions of one activity, and registrations of one document, each by all at once."""
    rounds, racers = ground.times((2, 120), (100, 500))
    found = Found(repetitions=rounds)
    tokens = [ground.town.token(ground.town.teacher(row)) for row in ground.town.crowd[:racers]]
    for turn in range(rounds):
        places = ground.draw.randint(1, racers - 1)
        _race_for_places(ground, found, places, tokens)
        _race_for_one_key(ground, found, racers)
        _race_for_one_document(ground, found, racers, turn)
    found.figures = {"racers": racers, "requests": 3 * rounds * racers}
    return found


def _race_for_places(
    ground: Ground, found: Found, places: int, tokens: list[tuple[tuple[str, str], ...]]
) -> None:
    city = ground.town.city

    async def make(db: Connection) -> Row:
        return await make_activity(db, city.school, city.school_admin, capacity=places)

    activity = ground.town.work(make)
    path = f"/api/v1/activities/{activity['id']}/enrolment"
    requests = [Request("POST", path, token) for token in tokens]
    got = Counter(answer.status for answer in asyncio.run(_race(ground, requests)))
    found.expect_equal(
        "answers about places", got, Counter({200: places, 409: len(tokens) - places})
    )
    taken = ground.town.rows(
        "SELECT count(*), count(DISTINCT teacher_id) FROM enrolment WHERE activity_id = $1",
        activity["id"],
    )
    found.expect_equal("places taken", tuple(taken[0]), (places, places))


def _race_for_one_key(ground: Ground, found: Found, racers: int) -> None:
    city = ground.town.city

    async def make(db: Connection) -> Row:
        activity = await make_closed_activity(db, city.county, city.county_admin)
        await attend(db, activity, [city.teacher])
        return activity

    activity = ground.town.work(make)
    path = f"/api/v1/activities/{activity['id']}/recognition"
    requests = [Request("POST", path, ground.town.token(city.county_admin))] * racers
    answers = asyncio.run(_race(ground, requests))
    entered = Counter(answer.content.get("entered", answer.status) for answer in answers)
    found.expect_equal("entered by", entered, Counter({0: racers - 1, 1: 1}))
    entries = ground.town.value(
        "SELECT count(*) FROM credit_entry WHERE source_id = $1", activity["id"]
    )
    found.expect_equal("entries of one source", entries, 1)


def _race_for_one_document(ground: Ground, found: Found, racers: int, turn: int) -> None:
    """Without an Idempotency-Key: the document's own number lets one through."""
    city, number = ground.town.city, f"race-{turn}-{ground.seed}"
    keyed = transfer(city.colleague["id"], number, ())
    request = replace(keyed, headers=ground.town.token(city.city_admin))
    answers = asyncio.run(_race(ground, [request] * racers))
    got = Counter(answer.status for answer in answers)
    found.expect_equal("answers about one document", got, Counter({201: 1, 409: racers - 1}))
    registered = ground.town.value(
        "SELECT count(*) FROM credit_transfer WHERE document_number = $1", number
    )
    found.expect_equal("registrations of one document", registered, 1)
