"""A load generator on kept connections, plain enough to cost little itself.

`press` asks as fast as it is answered and finds the capacity; `pace` asks at a given rate and finds how
long people wait.

It speaks just the HTTP/1.1 that our server answers with (a Content-Length on every response) and only
to addresses on this machine.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
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


def percentile(numbers: Sequence[float], share: float) -> float:
    """The number that this share of them stays below."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


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
        return 1000 * percentile(self.latencies, share)


class _Kept(asyncio.Protocol):
    """One kept connection: it sends a request and takes the time until its answer has come."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._began = 0.0
        self.latencies: list[float] = []
        self.failures = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  a socket's
        self._transport = transport
        self.free()

    def free(self) -> None:
        """The connection waits for its next request."""

    def send(self, request: bytes, began: float) -> None:
        """Send a request whose time began at this moment."""
        self._began = began
        self._transport.write(request)

    def close(self) -> None:
        """Nothing more is asked."""
        self._transport.close()
        if not self.done.done():
            self.done.set_result(None)

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
        self.latencies.append(time.perf_counter() - self._began)
        self.free()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.failures += 1
            self.done.set_result(None)


class _Eager(_Kept):
    """A client that sends its next request as soon as the answer to the one before has come."""

    def __init__(self, requests: Sequence[bytes], start: int, until: float) -> None:
        super().__init__()
        self._requests = requests
        self._next = start
        self._until = until

    def free(self) -> None:
        now = time.perf_counter()
        if now >= self._until:
            self.close()
            return
        self.send(self._requests[self._next % len(self._requests)], now)
        self._next += 1


class _Crowd:
    """Clients who come at their own pace: each takes a free connection, or waits for one."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._free: list[_Kept] = []
        self._ended = False

    def come(self, request: bytes, began: float) -> None:
        """One more client has come; the time that it waits for a connection counts."""
        if self._free:
            # The one that has rested longest: a server closes those that rest for seconds.
            self._free.pop(0).send(request, began)
        else:
            self._waiting.append((request, began))

    def serve(self, kept: _Kept) -> None:
        """A connection is free."""
        if self._waiting:
            kept.send(*self._waiting.popleft())
        elif self._ended:
            kept.close()
        else:
            self._free.append(kept)

    def end(self) -> None:
        """Nobody else comes; who waits is still served."""
        self._ended = True
        for kept in self._free:
            kept.close()


class _Shared(_Kept):
    """A connection that a crowd takes turns at."""

    def __init__(self, crowd: _Crowd) -> None:
        super().__init__()
        self._crowd = crowd

    def free(self) -> None:
        self._crowd.serve(self)


async def press(
    port: int, requests: Sequence[Request], *, clients: int, seconds: float
) -> Measured:
    """Send these requests in turn from this many clients for so long."""
    encoded = [request.encode() for request in requests]
    started = time.perf_counter()
    until = started + seconds
    running = await _connect(
        port, [partial(_Eager, encoded, number * 7919, until) for number in range(clients)]
    )
    await asyncio.gather(*(each.done for each in running))
    return _measured(running, time.perf_counter() - started)


async def pace(
    port: int, requests: Sequence[Request], *, rate: float, seconds: float, connections: int = 32
) -> Measured:
    """Send these requests at this rate, whether or not those before were answered."""
    encoded = [request.encode() for request in requests]
    crowd = _Crowd()
    running = await _connect(port, [partial(_Shared, crowd)] * connections)
    started = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        crowd.come(encoded[number % len(encoded)], due)
    crowd.end()
    await asyncio.gather(*(each.done for each in running))
    return _measured(running, time.perf_counter() - started)


async def _connect(port: int, makers: Sequence[Callable[[], _Kept]]) -> list[_Kept]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(make, "127.0.0.1", port))[1] for make in makers]


def _measured(running: Sequence[_Kept], seconds: float) -> Measured:
    latencies = [each for kept in running for each in kept.latencies]
    failures = sum(kept.failures for kept in running)
    return Measured(len(latencies), seconds, failures, latencies)
