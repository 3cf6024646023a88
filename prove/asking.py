"""Clients as simple as they come: bytes on a connection, which can be let go of at any moment."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from bench.load import Request

LOST = (OSError, asyncio.IncompleteReadError, EOFError)
"""What a client meets where nobody is there, or is no longer."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The JSON in the body."""
        return json.loads(self.body)


class Caller:
    """One client with a connection that is kept as long as it lasts."""

    def __init__(self, port: int, *, patience: float = 60) -> None:
        self.port, self._patience = port, patience
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> Answer:
        """Send it and wait for the answer; whatever is lost is raised, and the next one connects anew."""
        try:
            async with asyncio.timeout(self._patience):
                reader, _ = await self.send(request)
                return await self._read(reader)
        except BaseException:
            self.close()
            raise

    async def ask_and_drop(self, request: Request, read: int) -> None:
        """Send it, read so many bytes of the answer at most, and hang up."""
        with suppress(*LOST):
            reader, _ = await self.send(request)
            if read:
                await reader.read(read)
        self.close()

    async def send(self, request: Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send it, and wait for nothing."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        self._streams[1].write(request.encode())
        await self._streams[1].drain()
        return self._streams

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(head[0].split()[1]), headers, body)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


async def ask_once(port: int, request: Request) -> Answer:
    """The answer to one request, on a connection of its own."""
    caller = Caller(port)
    try:
        return await caller.ask(request)
    finally:
        caller.close()


class Insistent:
    """A client that asks again, with the same words, until it is answered; `port` says where, each time."""

    def __init__(self, port: Callable[[], int], *, patience: float = 300) -> None:
        self._caller, self._port, self._patience = Caller(port()), port, patience
        self.lost = 0
        """How often nobody answered."""
        self.put_off: list[Answer] = []
        """Answers that told to come back."""

    async def ask(self, request: Request) -> Answer:
        """The answer, once there is one that is not about the moment."""
        async with asyncio.timeout(self._patience):
            while True:
                if self._caller.port != self._port():
                    self.close()
                    self._caller = Caller(self._port())
                try:
                    answer = await self._caller.ask(request)
                except LOST:
                    self.lost += 1
                else:
                    if answer.status not in {409, 429, 503} or _is_final(answer):
                        return answer
                    self.put_off.append(answer)
                await asyncio.sleep(0.05)

    def close(self) -> None:
        """Hang up."""
        self._caller.close()


def _is_final(answer: Answer) -> bool:
    """Whether a conflict is one that stays."""
    passing = {"idempotency_key_in_use", "concurrent_change"}
    return answer.status == 409 and answer.content.get("code") not in passing
