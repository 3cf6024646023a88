import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.accounts import raise_security_version
from app.request import now
from app.request.limits import Limit
from app.settings import Settings
from app.sql import Connection, Row
from tests.make import City, Client, make_activity, make_attendance, make_city
from tests.streams import PATIENCE, Serving, serving

FIELDS = "position afresh recorded changed { name status school }"
FOLLOW = f"""subscription ($session: UUID!, $after: String) {{
  liveAttendance(sessionId: $session, after: $after) {{ {FIELDS} }}
}}"""
ASK = f"""query ($session: UUID!, $after: String) {{
  liveAttendance(sessionId: $session, after: $after) {{ {FIELDS} }}
  liveInbox {{ afresh withdrawn notices {{ title }} }}
}}"""


@pytest.fixture
async def at(urls: Urls, tmp_path: Path) -> AsyncIterator[Serving]:
    settings = Settings(data_folder=tmp_path, live_pause=0).model_copy(
        update={"database_url": urls.application}
    )
    async with serving(settings) as served:
        yield served


@pytest.fixture
async def made(real_pool: Pool, at: Serving) -> tuple[City, Row]:
    """The small city and a session in its school, committed."""
    async with real_pool.transaction() as db:
        city = await make_city(db, at.held.cipher)
        activity = await make_activity(db, city.school, city.school_admin)
    return city, activity["sessions"][0]


def opened(at: Serving) -> connect:
    protocol = Subprotocol("graphql-transport-ws")
    return connect(f"ws://{at.address}/graphql", subprotocols=[protocol], proxy=None)


async def say(socket: ClientConnection, kind: str, **more: Any) -> None:
    await socket.send(json.dumps({"type": kind, **more}))


async def hear(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        content: dict[str, Any] = json.loads(await socket.recv())
    return content


async def closed(socket: ClientConnection) -> int | None:
    """With which code it is closed; what comes before is let go."""
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


async def begin(socket: ClientConnection, token: str) -> None:
    await say(socket, "connection_init", payload={"authorization": f"Bearer {token}"})
    assert (await hear(socket))["type"] == "connection_ack"


async def follow(socket: ClientConnection, name: str, document: str, **variables: Any) -> None:
    await say(socket, "subscribe", id=name, payload={"query": document, "variables": variables})


async def test_what_happens_is_asked_for_once(client: Client, db: Connection, city: City) -> None:
    session = (await make_activity(db, city.school, city.school_admin))["sessions"][0]
    await make_attendance(db, session, city.school_admin, city.teacher)
    asked = {"session": str(session["id"])}
    answer = await client.graphql(city.school_admin, ASK, asked)
    assert "errors" not in answer, answer
    board = answer["data"]["liveAttendance"]
    assert (board["afresh"], board["recorded"], board["changed"]) == (True, 1, [])
    assert answer["data"]["liveInbox"] == {"afresh": True, "withdrawn": [], "notices": []}
    refused = await client.graphql(city.school_admin, FOLLOW, asked)
    assert refused["errors"][0]["extensions"]["code"] == "subscription_over_post"


async def test_a_subscription_tells_what_happens_and_goes_on_where_it_was_left(
    at: Serving, made: tuple[City, Row], real_pool: Pool
) -> None:
    city, session = made
    asked = {"session": str(session["id"])}
    async with opened(at) as socket:
        await begin(socket, at.token(city.school_admin.actor))
        await follow(socket, "1", FOLLOW, **asked)
        first = await hear(socket)
        assert (first["id"], first["type"]) == ("1", "next"), first
        board = first["payload"]["data"]["liveAttendance"]
        assert (board["afresh"], board["recorded"]) == (True, 0)
        for number, teacher in enumerate((city.teacher, city.colleague), 1):
            async with real_pool.transaction() as db:
                await make_attendance(db, session, city.school_admin, teacher)
            told = (await hear(socket))["payload"]["data"]["liveAttendance"]
            assert told["recorded"] == number
            assert told["changed"] == [
                {"name": teacher["name"], "status": "PRESENT", "school": "甲县第一小学"}
            ]
        await follow(socket, "2", FOLLOW, **asked, after=board["position"])
        again = await hear(socket)
        assert again["id"] == "2"
        assert len(again["payload"]["data"]["liveAttendance"]["changed"]) == 2
        await say(socket, "complete", id="1")
        await say(socket, "ping")
        assert (await hear(socket))["type"] == "pong"
        async with real_pool.transaction() as db:
            await raise_security_version(
                db, account_id=city.school_admin.actor.account_id, now=now()
            )
        assert await closed(socket) == 4401


async def test_what_a_connection_refuses(at: Serving, made: tuple[City, Row]) -> None:
    city, session = made
    asked = {"session": str(session["id"])}
    async with opened(at) as socket:
        await say(socket, "connection_init", payload={"authorization": "Bearer x.y.z"})
        assert await closed(socket) == 4401
    async with opened(at) as socket:
        await follow(socket, "1", FOLLOW, **asked)
        assert await closed(socket) == 4401
    async with opened(at) as socket:
        await begin(socket, at.token(city.sibling_admin.actor))
        for name, document, code in (
            ("1", FOLLOW, "session_not_found"),
            ("2", ASK, "subscription_expected"),
            ("3", "subscription { nothing }", "graphql_invalid"),
        ):
            given = asked if "$session" in document else {}
            await follow(socket, name, document, **given)
            refused = await hear(socket)
            assert (refused["type"], refused["id"]) == ("error", name)
            assert refused["payload"][0]["extensions"]["code"] == code
        await follow(socket, "4", "subscription { liveInbox { afresh } }")
        assert (await hear(socket))["payload"]["data"] == {"liveInbox": {"afresh": True}}
        at.server.should_exit = True
        assert await closed(socket) == 1012


async def test_what_is_no_message_ends_the_connection_and_nothing_else(
    at: Serving, made: tuple[City, Row], caplog: pytest.LogCaptureFixture
) -> None:
    city, _ = made
    token = at.token(city.school_admin.actor)
    long = "x" * 20_000
    subscribe = {"type": "subscribe", "id": "1"}
    for absurd in (
        "[]", "1", "null", "{}", "[" * 60_000, '{"type": 1}',
        json.dumps({"type": long}),
        json.dumps(subscribe), json.dumps(subscribe | {"payload": None}),
        json.dumps(subscribe | {"payload": []}), json.dumps(subscribe | {"id": {}}),
        json.dumps(subscribe | {"payload": {"query": ["a"]}}),
        json.dumps(subscribe | {"payload": {"query": FOLLOW, "variables": [1]}}),
        json.dumps(subscribe | {"payload": {"query": FOLLOW, "operationName": {}}}),
    ):  # fmt: skip
        async with opened(at) as socket:
            await begin(socket, token)
            await socket.send(absurd)
            assert await closed(socket) == 4400, absurd[:80]
    async with opened(at) as socket:
        await begin(socket, token)
        for _ in range(2):
            await say(
                socket,
                "subscribe",
                id=long,
                payload={"query": "subscription { liveInbox { afresh } }"},
            )
        assert await closed(socket) == 4409
    async with opened(at) as socket:
        await say(socket, "connection_init", payload=None)
        assert await closed(socket) == 4401
    assert not [each for each in caplog.records if each.exc_info]


async def test_documents_are_counted_as_those_that_are_posted(
    at: Serving, made: tuple[City, Row]
) -> None:
    city, _ = made
    served = at.server.config.app.state  # type: ignore[union-attr]
    served.resources = replace(at.held, limit=Limit(0.001, 3))
    async with opened(at) as socket:
        await begin(socket, at.token(city.school_admin.actor))
        codes = []
        for number in range(4):
            await follow(socket, str(number), "subscription { nothing }")
            codes.append((await hear(socket))["payload"][0]["extensions"]["code"])
        assert codes == ["graphql_invalid"] * 3 + ["too_many_requests"]
    for _ in range(2):
        async with opened(at):
            pass
    with pytest.raises(InvalidStatus):
        async with opened(at):
            pass
