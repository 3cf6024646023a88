"""The proxy: it hands on what a client asks, lets a check interfere, and writes down what happened."""

import time
from urllib.parse import parse_qsl

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.conformance.findings import Answered, Asked, Check, Exchange

_OF_THE_WAY = frozenset({
    "host", "connection", "content-length", "transfer-encoding", "accept-encoding", "keep-alive",
    "content-encoding", "date", "server", "upgrade",
})  # fmt: skip
"""Headers of one connection, which the next one has of its own."""


class _Lost(Response):
    """An answer that never comes: its head is sent, and the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Promise a body and send none."""
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


class Proxy:
    """An application before a server; streams are not for it, since it reads each answer whole."""

    def __init__(self, upstream: httpx2.AsyncClient) -> None:
        self._upstream = upstream
        self.check = Check()
        self.seen: list[Exchange] = []

    def begin(self, check: Check) -> None:
        """From here on it is another run."""
        self.check, self.seen = check, []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        asked = Asked(
            request.method, request.url.path, tuple(parse_qsl(request.url.query, keep_blank_values=True)),
            {name: value for name, value in request.headers.items() if name not in _OF_THE_WAY},
            await request.body(), time.monotonic(),
        )  # fmt: skip
        answered = await self.check.meet(asked, self.forward)
        self.seen.append(Exchange(asked, answered))
        answer = _Lost() if answered.lost else Response(answered.body, answered.status)
        for name, value in answered.headers.items():
            answer.headers[name] = value
        await answer(scope, receive, send)

    async def forward(self, asked: Asked) -> Answered:
        """What the server itself answers."""
        answer = await self._upstream.request(
            asked.method, asked.path, params=list(asked.query), content=asked.body,
            headers=dict(asked.headers),
        )  # fmt: skip
        kept = {
            name.lower(): value
            for name, value in answer.headers.items()
            if name.lower() not in _OF_THE_WAY
        }
        return Answered(answer.status_code, answer.content, kept)
