"""What lies around every request, as one plain ASGI layer: its id, its size, HEAD, safe headers.

It decides nothing about who may do what. The size of a body is bounded here and not in FastAPI, so
that a body that is too large is refused with the same document as everything else.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

LARGEST_BODY = 1_000_000
"""Bytes of a request's body."""
LARGEST_GRAPHQL_BODY = 65_536

_CLIENT_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_PRIVATE = (b"cache-control", b"no-store")
"""Answers are about people: nothing on the way may keep one, unless the route says otherwise."""


class Transport:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        name = given if _CLIENT_ID.fullmatch(given) else str(uuid7()).encode()
        scope["request_id"] = name.decode()
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope["method"] = "GET"
        bound = LARGEST_GRAPHQL_BODY if scope["path"] == "/graphql" else LARGEST_BODY
        await self._app(
            scope, _bounded(receive, bound, headers), _dressed(send, name, is_head=is_head)
        )


def _bounded(
    receive: Receive, bound: int, headers: MutableMapping[bytes, bytes]
) -> Callable[[], Awaitable[Message]]:
    """The receiver, refusing a body of more than `bound` bytes whether or not it says its length."""
    length = headers.get(b"content-length", b"0")
    announced = int(length) if length.isdigit() and len(length) < 20 else bound + 1
    seen = 0

    async def receive_bounded() -> Message:
        nonlocal seen
        if announced > bound:
            raise HTTPException(413)
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > bound:
            raise HTTPException(413)
        return message

    return receive_bounded


def _dressed(send: Send, name: bytes, *, is_head: bool) -> Callable[[Message], Awaitable[None]]:
    """The sender, adding our headers; for HEAD it keeps the body back."""

    async def send_dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            present = {key for key, _ in message["headers"]}
            added = [(b"x-request-id", name), *_HEADERS]
            if b"cache-control" not in present:
                added.append(_PRIVATE)
            message["headers"] = [
                *message["headers"],
                *(pair for pair in added if pair[0] not in present),
            ]
        elif is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_dressed
