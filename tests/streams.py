"""The application on a port of its own, and what it streams."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from app.cli.serving import Server, listen
from app.domain.access.actors import Actor
from app.request import Resources
from app.request.actors import claims_of
from app.settings import Settings

PATIENCE = 20.0
"""Seconds after which a test fails that waits for something; none goes by how long it takes."""


@dataclass
class Serving:
    """A server in this process, with what it holds."""

    server: Server
    address: str
    held: Resources
    running: "asyncio.Task[None]"

    def token(self, actor: Actor) -> str:
        """A token of this server for an actor."""
        return self.held.keyring.sign(claims_of(actor, security_version=1))

    def headers(self, actor: Actor, **more: str) -> dict[str, str]:
        """The headers of a request for a stream."""
        accepted = {"Authorization": f"Bearer {self.token(actor)}", "Accept": "text/event-stream"}
        return accepted | {name.replace("_", "-"): value for name, value in more.items()}


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """The application on a free port, until the end of the block."""
    with listen("127.0.0.1", 0) as door:
        ready = asyncio.Event()
        server = Server(settings, ready=ready.set)
        running = asyncio.create_task(server.serve([door]))
        try:
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
            held = server.config.app.state.resources  # type: ignore[union-attr]
            address = f"127.0.0.1:{door.getsockname()[1]}"
            yield Serving(server, address, held, running)
        finally:
            server.should_exit = True
            async with asyncio.timeout(PATIENCE):
                await running


class Events:
    """What a stream of events sends, event by event."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event: its fields, `data` as what it says."""
        found: dict[str, Any] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line and "data" in found:
                    return found | {"data": json.loads(found["data"])}
                name, _, value = line.partition(": ")
                if name:
                    found[name] = value
        raise EOFError

    async def is_over(self) -> bool:
        """Whether nothing comes any more."""
        try:
            await self.next()
        except EOFError:
            return True
        return False


@asynccontextmanager
async def events(at: Serving, path: str, headers: dict[str, str]) -> AsyncIterator[Events]:
    """The stream at a path below /api/v1."""
    async with (
        httpx2.AsyncClient(timeout=PATIENCE) as client,
        client.stream("GET", f"http://{at.address}/api/v1{path}", headers=headers) as response,
    ):
        yield Events(response)
