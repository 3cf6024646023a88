from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.database.sandbox import MOMENT, SandboxPool
from app.request.moments import MomentUnreadable, TimeTravelRefused, moment_of
from app.request.transport import Transport
from tests.make import City, Client

SAID = "2030-12-31T08:00:00+08:00"


class Held:
    """What a process of a sandbox holds, as far as this asks."""

    pool = object.__new__(SandboxPool)


async def test_outside_a_sandbox_no_request_says_what_time_it_is(
    client: Client, city: City
) -> None:
    for said in (SAID, "", "yesterday"):
        answer = await client.get(city.city_admin, "/me", headers={"X-Yanxun-Now": said})
        assert (answer.status_code, answer.json()["code"]) == (422, "time_travel_refused")
    asked = {"query": "{ me { name } }"}
    headers = client.headers(city.city_admin) | {"X-Yanxun-Now": SAID}
    refused = await client.http.post("/graphql", json=asked, headers=headers)
    assert refused.json()["code"] == "time_travel_refused"
    assert MOMENT.get() is None
    assert (await client.get(city.city_admin, "/me")).status_code == 200
    assert "yanxun-now" not in (await client.http.get("/openapi.json")).text.lower()


async def test_a_request_without_a_moment_has_none_of_the_one_before_it() -> None:
    """Servers begin a request that was waiting behind another in the context of that one."""
    seen = []

    async def app(*_: Any) -> None:
        seen.append(MOMENT.get())

    state = SimpleNamespace(resources=None)
    scope = {
        "type": "http", "method": "GET", "path": "/", "headers": [],
        "app": SimpleNamespace(state=state),
    }  # fmt: skip
    before = MOMENT.set(datetime(2030, 12, 31, tzinfo=UTC))
    nothing: Any = None
    await Transport(app)(scope, nothing, nothing)
    MOMENT.reset(before)
    assert seen == [None]


@pytest.mark.parametrize(
    ("pool", "said", "seen", "sent"),
    [
        (Held, SAID, [datetime(2030, 12, 31, tzinfo=UTC)], []),
        (Held, None, [None], []),
        (None, SAID, [], ["time_travel_refused"]),
        (Held, "yesterday", [], ["moment_unreadable"]),
    ],
)
async def test_a_connection_that_stays_open_is_at_the_moment_that_it_names(
    pool: Any, said: str | None, seen: list[Any], sent: list[str]
) -> None:
    moments: list[Any] = []
    told: list[str] = []

    async def app(*_: Any) -> None:
        moments.append(MOMENT.get())

    async def send(message: Any) -> None:
        assert (message["type"], message["code"]) == ("websocket.close", 1008)
        told.append(message["reason"])

    state = SimpleNamespace(resources=None if pool is None else pool())
    headers = [] if said is None else [(b"x-yanxun-now", said.encode())]
    nothing: Any = None
    scope = {"type": "websocket", "path": "/graphql", "headers": headers}
    await Transport(app)(scope | {"app": SimpleNamespace(state=state)}, nothing, send)
    assert (moments, told, MOMENT.get()) == (seen, sent, None)


def test_a_moment_is_read_with_its_offset() -> None:
    held: Any = Held()
    assert moment_of(held, SAID.encode()).isoformat() == "2030-12-31T00:00:00+00:00"
    assert moment_of(held, b"2030-12-31T08:00:00.5Z").microsecond == 500_000
    with pytest.raises(TimeTravelRefused):
        moment_of(None, SAID.encode())


@pytest.mark.parametrize(
    "said",
    ["", "2030-12-31", "2030-12-31T08:00:00", "2030-13-31T08:00:00Z", "1999-12-31T08:00:00Z",
     "2100-01-01T08:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
     "2030-12-31T08:00:00+99:99", "２０30-12-31T08:00:00Z"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(said: str) -> None:
    held: Any = Held()
    with pytest.raises(MomentUnreadable):
        moment_of(held, said.encode())
