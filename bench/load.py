"""A load generator: closed-loop clients on kept connections, plain enough to cost little itself.

It speaks just the HTTP/1.1 that our server answers with (a Content-Length on every response) and only
to addresses on this machine.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True)
class Request:
    """One request, as the bytes that are sent."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def encode(self) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method != "GET":
            lines += [f"Content-Length: {len(self.body)}", "Content-Type: application/json"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Measured:
    """What one round of load saw."""

    requests: int
    seconds: float
    failures: int
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """A latency in milliseconds that this share of the requests stayed below."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Client(asyncio.Protocol):
    """One kept connection: it sends a request whenever the answer to the one before has come."""

    def __init__(self, requests: Sequence[bytes], start: int, until: float) -> None:
        self._requests = requests
        self._next = start
        self._until = until
        self._buffer = bytearray()
        self._sent = 0.0
        self.latencies: list[float] = []
        self.failures = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  a socket's
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self._until:
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(self._requests[self._next % len(self._requests)])
        self._next += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.lower().find(b"content-length:", 0, head)
        length = int(self._buffer[at + 15 : self._buffer.find(b"\r\n", at)]) if at >= 0 else 0
        if len(self._buffer) < head + 4 + length:
            return
        if (
            not self._buffer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3"))
            or b'"errors"' in self._buffer
        ):
            self.failures += 1
        del self._buffer[: head + 4 + length]
        self.latencies.append(time.perf_counter() - self._sent)
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.failures += 1
            self.done.set_result(None)


async def press(
    port: int, requests: Sequence[Request], *, clients: int, seconds: float
) -> Measured:
    """Send these requests in turn from this many clients for so long."""
    encoded = [request.encode() for request in requests]
    started = time.perf_counter()
    until = started + seconds
    loop = asyncio.get_running_loop()
    running = []
    for number in range(clients):
        make = partial(_Client, encoded, number * 7919, until)
        _, client = await loop.create_connection(make, "127.0.0.1", port)
        running.append(client)
    await asyncio.gather(*(client.done for client in running))
    latencies = [each for client in running for each in client.latencies]
    return Measured(
        requests=len(latencies),
        seconds=time.perf_counter() - started,
        failures=sum(client.failures for client in running),
        latencies=latencies,
    )
