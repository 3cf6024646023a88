"""Clients that are slow, or that pretend to be: each wait for them has an end, and others are served."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn

from app.cli import patience
from app.cli.patience import PatientProtocol
from app.cli.serving import listen
from tests.ports import free_port

BODY = b"x" * 30_000_000
"""More than what the system keeps for a reader who does not read."""


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Reads the body and tells its length; `/large` answers with more than any buffer holds."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    content = BODY if scope["path"] == "/large" else str(size).encode()
    await send({"type": "http.response.body", "body": content})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server that waits a twentieth as long as ours."""
    monkeypatch.setattr(patience, "HEADERS_WITHIN", 0.5)
    monkeypatch.setattr(patience, "LOOKED_EVERY", 0.5)
    monkeypatch.setattr(patience, "READS_WITHIN", 0.5)
    number = free_port()
    config = uvicorn.Config(
        application, http=PatientProtocol, lifespan="off", log_config=None, timeout_keep_alive=30
    )
    server = uvicorn.Server(config)
    with listen("127.0.0.1", number) as door:
        serving = asyncio.create_task(server.serve([door]))
        yield number
        server.should_exit = True
        await serving


async def told(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes back until the server closes, after parts that were sent with pauses between them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(pause)
        async with asyncio.timeout(20):
            return await reader.read(100_000)
    except ConnectionError:
        return b""
    finally:
        writer.close()


ASKED = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POSTED = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"GET / HTTP/1.1\r\nHost: x\r\n",),
        (b"GET / HTTP/1.1\r\n", *(b"X-%d: y\r\n" % number for number in range(30))),
        (POSTED % 10, b"12345"),
        (POSTED % 1_000_000, *(b"1" for _ in range(30))),
    ],
    ids=[
        "nothing",
        "half-a-header",
        "dripping-headers",
        "half-a-body",
        "dripping-body",
    ],
)
async def test_what_does_not_come_is_not_waited_for(port: int, parts: tuple[bytes, ...]) -> None:
    begun = time.monotonic()

    assert await told(port, *parts, pause=0.05) == b""

    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "parts",
    [
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 300_000,),
        (b"GET /?after=" + b"y" * 40_000, b"y" * 40_000, b"y" * 40_000),
    ],
    ids=["endless-header", "endless-address"],
)
async def test_whoever_sends_too_much_is_told_so(port: int, parts: tuple[bytes, ...]) -> None:
    answer = await told(port, *parts, pause=0.05)

    head, _, said = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"content-length: %d\r\n" % len(said) in head


async def test_whoever_comes_in_time_is_answered(port: int) -> None:
    assert (await told(port, ASKED[:20], ASKED[20:], pause=0.1)).startswith(b"HTTP/1.1 200 OK")
    answer = await told(port, POSTED % 10, b"12345", b"67890", pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\n10\r\n" in answer


async def test_a_slow_body_that_moves_is_taken_in(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LEAST_BODY", 5)
    parts = [b"1234567890" for _ in range(15)]  # ten bytes in each tenth of a second

    answer = await told(port, POSTED % 150, *parts, pause=0.1)

    assert b"\r\n150\r\n" in answer


async def test_whoever_does_not_read_is_let_go(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    try:
        writer.write(ASKED.replace(b"GET / ", b"GET /large "))
        await asyncio.sleep(2)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(20):
                await reader.readexactly(len(BODY))
    finally:
        writer.close()


@pytest.fixture
def descriptors() -> Iterator[None]:
    """Room for both ends of five hundred connections, of which a shell often gives a process 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("descriptors")
async def test_while_500_say_nothing_others_are_answered(port: int) -> None:
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(500)]

    assert (await told(port, ASKED)).startswith(b"HTTP/1.1 200 OK")
    async with asyncio.timeout(20):
        ended = await asyncio.gather(
            *(reader.read(1) for reader, _ in silent), return_exceptions=True
        )

    assert all(each == b"" or isinstance(each, ConnectionError) for each in ended)
    for _, writer in silent:
        writer.close()
