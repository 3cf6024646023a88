"""Running a client: once for each check, with the proxy as its server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from socket import socket

import httpx2
import uvicorn

from app.conformance.checks import CHECKS
from app.conformance.feed import FeedGone
from app.conformance.findings import Finding, Outcome, Run
from app.conformance.proxy import Proxy

_PATIENCE = 300.0
"""Seconds that a run of the client may take."""


@dataclass(frozen=True)
class Client:
    """How a client is run: its command, and the one that prints the keys that it holds, if it has one.

    The address stands in the environment as `variable`, and in the words of the command for `{url}`.
    """

    command: Sequence[str]
    held: Sequence[str] = ()
    variable: str = "YANXUN_URL"


async def examine(
    client: Client, upstream: str, door: socket, names: Iterable[str]
) -> AsyncIterator[Finding]:
    """What each check finds, as it is found; nothing after the first where the client works not at all."""
    async with (
        httpx2.AsyncClient(base_url=upstream, timeout=60, trust_env=False) as http,
        _serving(proxy := Proxy(http), door),
    ):
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        for name in ["plain", *(each for each in names if each != "plain")]:
            check = CHECKS[name]()
            proxy.begin(check)
            code, said = await _run(client, client.command, url)
            run = Run(proxy.seen, code, said)
            if isinstance(check, FeedGone) and client.held:
                _, keys = await _run(client, client.held, url)
                check.held = set(keys.split())
            finding = check.judge(run)
            yield finding
            if name == "plain" and finding.outcome is Outcome.FAILED:
                return


class _Server(uvicorn.Server):
    """It says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Open the door, then say so."""
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def _serving(proxy: Proxy, door: socket) -> AsyncIterator[None]:
    config = uvicorn.Config(proxy, log_level="critical", lifespan="off", access_log=False)
    server = _Server(config)
    running = asyncio.create_task(server.serve([door]))
    try:
        await server.ready.wait()
        yield
    finally:
        server.should_exit = True
        await running


async def _run(client: Client, command: Sequence[str], url: str) -> tuple[int, str]:
    """The exit code of one run, and what it printed; one that does not end is ended."""
    asked = await asyncio.create_subprocess_exec(
        *(word.replace("{url}", url) for word in command),
        env=os.environ | {client.variable: url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    talking = asyncio.ensure_future(asked.communicate())
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await asyncio.shield(talking)
    except TimeoutError:
        _end(asked)
        said, _ = await talking
    except asyncio.CancelledError:
        _end(asked)
        talking.cancel()
        raise
    return asked.returncode or 0, said.decode("utf-8", "replace")


def _end(asked: asyncio.subprocess.Process) -> None:
    """End a client with whatever it has started, which would hold what it prints to open."""
    with suppress(ProcessLookupError):
        os.killpg(asked.pid, signal.SIGKILL)
