"""What lies around every request, as one plain ASGI layer: its id, its size, its rate, HEAD, headers.

It decides nothing about who may do what. The size of a body is bounded here and not in FastAPI, so
that a body that is too large is refused with the same document as everything else.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from time import perf_counter
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from app.database.pool import SIGHT, Sight
from app.database.replicas import position_of
from app.database.sandbox import MOMENT
from app.domain.access.actors import Actor
from app.domain.errors import DomainError, TooMany
from app.domain.exchange.imports import LARGEST as LARGEST_IMPORT
from app.domain.training.files import LARGEST
from app.request import Resources
from app.request.addresses import who_asks
from app.request.figures import count_request
from app.request.limits import Verdict
from app.request.moments import HEADER as MOMENT_HEADER
from app.request.moments import moment_of
from app.request.origins import Header
from app.request.refusals import language_of, refusal_problem, status_of
from app.request.telemetry import reveal
from app.tracing import REQUEST_ID

LARGEST_BODY = 1_000_000
"""Bytes of a request's body."""
LARGEST_GRAPHQL_BODY = 65_536
_BOUNDS = {
    "/graphql": LARGEST_GRAPHQL_BODY,
    "/api/v1/files": max(LARGEST.values()),
    "/api/v1/imports": LARGEST_IMPORT,
}
"""Other bounds, by path. A file is taken in as it comes, and bounded there by its kind."""

_CLIENT_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_UNCOUNTED = frozenset({"/healthz", "/readyz"})
"""A supervisor asks these, and must hear from a process that is too busy for others."""

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_PRIVATE = (b"cache-control", b"no-store")
"""Answers are about people: nothing on the way may keep one, unless the route says otherwise."""

_encode = msgspec.json.Encoder().encode

Headers = Mapping[bytes, bytes]

_SEEN = b"x-yanxun-seen"
"""How far a write reached, and how far a read must: docs/scale.md."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Transport:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and count it, or pass on what is none."""
        reveal(scope)
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        if is_head:
            # In a scope of its own: the server looks at the method too, and takes the missing body for
            # a fault of ours where it finds that it was a GET.
            scope = {**scope, "method": "GET"}
        scope["is_head"] = is_head
        begun = perf_counter()
        try:
            await self._serve(scope, receive, send)
        finally:
            count_request(scope, scope.get("status", 0), perf_counter() - begun)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        name = given if _CLIENT_ID.fullmatch(given) else str(uuid7()).encode()
        scope["request_id"] = name.decode()
        # Each request says which it is: the connection, and with it the context, serves many.
        REQUEST_ID.set(scope["request_id"])
        held: Resources | None = getattr(scope["app"].state, "resources", None)
        if held is not None and held.replicas is not None:
            SIGHT.set(_sight(scope, headers))
        verdict, more = _count(held, scope, headers)
        dressed = _dressed(scope, send, [(b"x-request-id", name), *more], held, headers)
        if verdict is not None and not verdict.passes:
            too_soon = TooMany(retry_after=verdict.reset)
            answer = _refusal(too_soon, scope, headers, {"Retry-After": str(verdict.reset)})
            await answer(scope, receive, dressed)
            return
        if scope["method"] == "OPTIONS" and held is not None:
            preflight = held.origins.preflight(headers)
            if preflight is not None:
                answer = Response(None, 204)
                answer.raw_headers.extend(preflight)
                await answer(scope, receive, dressed)
                return
        bound = _BOUNDS.get(scope["path"], LARGEST_BODY)
        bounded = _bounded(receive, bound, headers)
        if MOMENT_HEADER in headers:
            await self._travel(held, headers, scope, bounded, dressed)
        else:
            if MOMENT.get() is not None:  # of a request before it on this connection: see 0027
                MOMENT.set(None)
            await self._app(scope, bounded, dressed)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection that stays open, all of it at the moment that its request names, if it does."""
        said = dict(scope["headers"]).get(MOMENT_HEADER)
        moment = None
        if said is not None:
            try:
                moment = moment_of(getattr(scope["app"].state, "resources", None), said)
            except DomainError as refusal:
                # Closed before it is accepted: the client's request is answered with 403.
                await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
                return
        before = MOMENT.set(moment)
        try:
            await self._app(scope, receive, send)
        finally:
            MOMENT.reset(before)

    async def _travel(
        self, held: Resources | None, headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve a request at the moment that it names, where it may name one."""
        try:
            moment = moment_of(held, headers[MOMENT_HEADER])
        except DomainError as refusal:
            await _refusal(refusal, scope, headers)(scope, receive, send)
            return
        before = MOMENT.set(moment)
        try:
            await self._app(scope, receive, send)
        finally:
            MOMENT.reset(before)


def _sight(scope: Scope, headers: Headers) -> Sight:
    """What the client says it has seen; nothing is noted yet of what the request writes."""
    seen = position_of(headers.get(_SEEN, b"").decode("latin-1"))
    return Sight(unsafe=scope["method"] not in _SAFE, seen=seen or 0)


def _note_written(held: Resources | None, asked: Headers) -> list[Header]:
    """Remember what this request wrote, and the header by which its client can ask for it anywhere."""
    sight = SIGHT.get()
    if held is None or held.replicas is None or sight is None or not sight.wrote:
        return []
    actor = _known_actor(held, asked)
    if actor is not None:
        held.replicas.remember(actor.account_id, sight.wrote)
    return [(_SEEN, b"%X/%X" % (sight.wrote >> 32, sight.wrote & 0xFFFFFFFF))]


def _count(
    held: Resources | None, scope: Scope, headers: Headers
) -> tuple[Verdict | None, list[Header]]:
    """Count a request, where requests are counted; the headers that say what is left."""
    if held is None or held.limit is None or scope["path"] in _UNCOUNTED:
        return None, []
    actor = _known_actor(held, headers)
    verdict = held.limit.count(who_asks(scope) if actor is None else str(actor.account_id))
    left = b'"default";r=%d;t=%d' % (verdict.remaining, verdict.reset)
    return verdict, [(b"ratelimit-policy", held.limit.policy), (b"ratelimit", left)]


def _known_actor(held: Resources, headers: Headers) -> Actor | None:
    """Who asks, if the token has been verified before: nothing is verified for a count."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    return held.tokens.known(token.decode("latin-1"))


def _refusal(
    refusal: DomainError, scope: Scope, headers: Headers, more: Mapping[str, str] | None = None
) -> Response:
    """The answer to a request that goes no further."""
    content = refusal_problem(
        refusal,
        language=language_of(headers.get(b"accept-language", b"").decode("latin-1")),
        request_id=scope["request_id"],
    )
    return Response(
        _encode(content), status_of(refusal), more, media_type="application/problem+json"
    )


def _bounded(receive: Receive, bound: int, headers: Headers) -> Callable[[], Awaitable[Message]]:
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


def _dressed(
    scope: Scope, send: Send, more: list[Header], held: Resources | None, asked: Headers
) -> Callable[[Message], Awaitable[None]]:
    """The sender, adding our headers and noting the status; for HEAD it keeps the body back."""

    async def send_dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            scope["status"] = message["status"]
            present = {key for key, _ in message["headers"]}
            added = [*more, *_HEADERS, *_note_written(held, asked)]
            if b"cache-control" not in present:
                added.append(_PRIVATE)
            message["headers"] = [
                *message["headers"],
                *(pair for pair in added if pair[0] not in present),
            ]
            if held is not None and b"access-control-allow-origin" not in present:
                message["headers"] += held.origins.answer(asked, _known_actor(held, asked))
        elif scope["is_head"] and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_dressed
