"""Streams, as each process serves them: two processes on one database, and one that loses it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.actors import Actor
from app.domain.access.sign_ins import end_sign_in
from app.domain.errors import Unauthenticated
from app.domain.exchange.live import Followed
from app.main import open_resources
from app.request import Resources, now
from app.request.actors import claims_of
from app.request.live import (
    Hub,
    ServerStops,
    Source,
    TooManyStreams,
    attendance_source,
    inbox_source,
)
from app.settings import Settings
from app.sql import Connection, Row
from tests.make import City, make_activity, make_attendance, make_city, make_sign_in
from tests.streams import PATIENCE

Processes = tuple[Resources, Resources]


@pytest.fixture
async def two(urls: Urls, tmp_path: Path) -> AsyncIterator[Processes]:
    """Two processes on one database, and with one data folder."""
    settings = Settings(data_folder=tmp_path, live_streams_each=2, live_pause=0).model_copy(
        update={"database_url": urls.application}
    )
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(open_resources(settings)) for _ in range(2)]
        yield held[0], held[1]


@pytest.fixture
async def made(real_pool: Pool, two: Processes) -> tuple[City, Row]:
    """The small city and a session in its school, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, two[0].cipher)
        activity = await make_activity(db, city.school, city.school_admin)
    return city, activity["sessions"][0]


def token_of(held: Resources, actor: Actor) -> str:
    return held.keyring.sign(claims_of(actor, security_version=1))


async def follow(
    held: Resources, token: str, source: Source, after: str | None = None
) -> AsyncGenerator[Row | None]:
    """A stream as a face begins it: with a first read, from which it goes on."""
    async with held.pool.connection() as db:
        first = await source.read(db, held.tokens.read(token), after)
    yield first
    async with aclosing(held.live.follow(held.pool, held.tokens, token, source, first)) as rows:
        async for row in rows:
            yield row


async def following(stream: AsyncGenerator[Row | None]) -> Row:
    """What it tells next."""
    async with asyncio.timeout(PATIENCE):
        while (row := await anext(stream)) is None:
            pass
        return row


async def test_a_change_reaches_the_streams_of_every_process(
    two: Processes, made: tuple[City, Row]
) -> None:
    city, session = made
    source = attendance_source(session["id"])
    token = token_of(two[0], city.school_admin.actor)
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(aclosing(follow(held, token, source))) for held in two
        ]
        for stream in streams:
            assert (await following(stream))["afresh"]
        for teacher in (city.teacher, city.colleague):
            async with two[1].pool.transaction() as db:
                await make_attendance(db, session, city.school_admin, teacher)
            for stream in streams:
                [changed] = (await following(stream))["changed"]
                assert changed["teacher_id"] == teacher["id"]


async def test_one_who_reads_slowly_is_told_all_of_it_at_once_and_nothing_is_queued(
    two: Processes, made: tuple[City, Row]
) -> None:
    city, session = made
    held = two[0]
    token = token_of(held, city.school_admin.actor)
    async with aclosing(follow(held, token, attendance_source(session["id"]))) as stream:
        await following(stream)
        teachers = [city.teacher, city.colleague, city.sibling_teacher]
        for teacher in teachers:
            async with two[1].pool.transaction() as db:
                await make_attendance(db, session, city.school_admin, teacher)
        row = await following(stream)
        seen = {each["teacher_id"] for each in row["changed"]}
        while len(seen) < 3:
            row = await following(stream)
            new = {each["teacher_id"] for each in row["changed"]}
            assert not new & seen
            seen |= new
        assert row["recorded"] == 3


async def test_a_stream_ends_with_the_token_and_with_the_access(
    two: Processes, made: tuple[City, Row]
) -> None:
    city, session = made
    held, actor = two[0], city.school_admin.actor
    async with held.pool.transaction() as db:
        sign_in_id = await make_sign_in(db, actor.account_id, b"1")
    claims = claims_of(actor, security_version=1, sign_in_id=sign_in_id)
    signed_in = held.keyring.sign(claims)
    async with aclosing(follow(held, signed_in, inbox_source(now))) as stream:
        await following(stream)
        async with two[1].pool.transaction() as db:
            await end_sign_in(db, actor, sign_in_id=sign_in_id, now=now())
        with pytest.raises(Unauthenticated):
            await following(stream)
    token = token_of(held, actor)
    async with aclosing(follow(held, token, attendance_source(session["id"]))) as stream:
        await following(stream)
        async with asyncio.timeout(PATIENCE):
            later = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            held.keyring.now = held.tokens._now = lambda: now().timestamp() + 3600
            held.live.wake_all(due=False)
            with pytest.raises(Unauthenticated):
                await later


async def test_a_lost_database_is_waited_for_and_nothing_is_missed(
    two: Processes, made: tuple[City, Row], urls: Urls
) -> None:
    city, session = made
    held = two[0]
    token = token_of(held, city.school_admin.actor)
    other = await asyncpg.connect(urls.application)
    try:
        async with aclosing(follow(held, token, attendance_source(session["id"]))) as stream:
            await following(stream)
            later = asyncio.ensure_future(following(stream))
            await asyncio.sleep(0)
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
            await make_attendance(Connection(other), session, city.school_admin, city.teacher)
            assert [each["teacher_id"] for each in (await later)["changed"]] == [city.teacher["id"]]
    finally:
        await other.close()


async def test_how_many_may_be_open_and_how_they_end_together(
    two: Processes, made: tuple[City, Row]
) -> None:
    city, _ = made
    held, source = two[0], inbox_source(now)
    tokens = [token_of(held, each.actor) for each in (city.school_admin, city.city_admin)]
    async with AsyncExitStack() as stack:
        mine = [
            await stack.enter_async_context(aclosing(follow(held, tokens[0], source)))
            for _ in range(3)
        ]
        waiting = []
        for stream in mine[:2]:
            await following(stream)
            waiting.append(asyncio.ensure_future(following(stream)))
        await asyncio.sleep(0.1)
        await following(mine[2])
        with pytest.raises(TooManyStreams):
            await following(mine[2])
        other = await stack.enter_async_context(aclosing(follow(held, tokens[1], source)))
        await following(other)
        waiting.append(asyncio.ensure_future(following(other)))
        held.live.close()
        for each in waiting:
            with pytest.raises(ServerStops):
                await each
    with pytest.raises(ServerStops):
        held.live.check_room(city.city_admin.actor)
    small = replace(held, live=Hub(most=0))
    with pytest.raises(TooManyStreams):
        small.live.check_room(city.city_admin.actor)


async def test_what_is_touched_without_end_is_read_at_its_pace_and_the_client_hears_a_heartbeat(
    two: Processes, made: tuple[City, Row]
) -> None:
    """Whatever others do all day, a stream to which it changes nothing costs a read now and then."""
    city, _ = made
    held, actor = two[0], city.school_admin.actor
    token, reads, hub = token_of(held, actor), 0, Hub(pause=0.001, heartbeat=0.05)
    first: Row = {"position": "1", "afresh": False, "news": []}

    async def read(_db: Connection, _actor: Actor, _after: str | None) -> Row:
        nonlocal reads
        reads += 1
        hub.wake_all()
        return first

    def stream(of: Hub, pauses: int) -> AsyncGenerator[Row | None]:
        source = Source("test", Followed.work, read, lists=("news",), pauses=pauses)
        return of.follow(held.pool, held.tokens, token, source, first)

    async with aclosing(stream(hub, 1)) as busy, asyncio.timeout(PATIENCE):
        assert [await anext(busy) for _ in range(2)] == [None, None]
    assert reads
    reads = 0
    async with aclosing(stream(hub, 3_600_000)) as calm, asyncio.timeout(PATIENCE):
        for _ in range(4):
            hub.wake_all()
            assert await anext(calm) is None
    assert reads == 0
