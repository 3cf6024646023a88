"""Requests put to the application within this process, and the processor time that they take.

What is timed is what a server's process and PostgreSQL spend on a request, whatever else the machine is
doing; the way over HTTP, some 150 µs, is not in it.
"""

import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self

from fastapi import FastAPI

from app.main import create_application
from app.settings import Settings
from bench.load import Request, percentile
from bench.meter import ran

_TICK = 1e-6
"""Milliseconds in a nanosecond."""


@dataclass(frozen=True)
class Spent:
    """What requests took, in milliseconds: each one's wait; per request our own and PostgreSQL's time."""

    waits: list[float]
    own: float
    database: float

    def percentile(self, share: float) -> float:
        """A wait that this share of the requests stayed below."""
        return percentile(self.waits, share)


class Asked:
    """The application, started in this process with one connection, so that its backend is known."""

    def __init__(self, settings: Settings) -> None:
        self.application: FastAPI = create_application(settings)
        self._stack = AsyncExitStack()
        self._backend = 0

    async def __aenter__(self) -> Self:
        """Start it as a server would."""
        await self._stack.enter_async_context(
            self.application.router.lifespan_context(self.application)
        )
        pool = self.application.state.resources.pool
        driver = await pool.take()
        self._backend = driver.get_server_pid()
        pool.give_back(driver)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it."""
        await self._stack.aclose()

    async def spend(self, requests: Iterable[Request]) -> Spent:
        """Put these requests one after the other; whatever is refused ends the measurement."""
        waits: list[float] = []
        own, database = time.process_time_ns(), ran(self._backend)
        for request in requests:
            began = time.perf_counter()
            await self._ask(request)
            waits.append(1000 * (time.perf_counter() - began))
        count = len(waits)
        return Spent(
            waits,
            _TICK * (time.process_time_ns() - own) / count,
            _TICK * (ran(self._backend) - database) / count,
        )

    async def _ask(self, request: Request) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Any) -> None:
            if message.get("status", 200) != 200:
                raise RuntimeError(f"{request.path} was answered with {message['status']}")

        await self.application(_scope(request), receive, send)


def _scope(request: Request) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [*headers, (b"content-length", str(len(request.body)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
