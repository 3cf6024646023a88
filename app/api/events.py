"""Server-sent events: a stream as the standard `text/event-stream` writes it.

Every event has an `id`, with which a client that was away goes on (`Last-Event-ID`); a comment says now
and then that the stream is alive. Where it ends by itself, the last event (`end`) says why, as any refusal.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import msgspec
from fastapi import Request, Response

from app.api.answers import Streamed, answer_one
from app.domain.access.actors import Actor
from app.domain.errors import DomainError
from app.request import language, request_id, resources, token_of
from app.request.live import Source, progress_event, progress_source
from app.request.refusals import refusal_problem
from app.sql import Connection, Row

MEDIA_TYPE = "text/event-stream"
RETRY = 3_000
"""Milliseconds after which a client whose stream has ended comes again."""

_encode = msgspec.json.Encoder().encode
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def wants_events(request: Request) -> bool:
    """Whether a client asks for a stream rather than for one answer."""
    return MEDIA_TYPE in request.headers.get("accept", "") and not request.scope.get("is_head")


def answer_events(request: Request, source: Source, first: Row) -> Response:
    """The stream that begins with what was read just now, once it is sure that there is room for it."""
    held = resources(request)
    token = token_of(request)
    held.live.check_room(held.tokens.read(token))
    return Streamed(_events(request, source, token, first), _HEADERS, MEDIA_TYPE)


def answer_progress(
    request: Request, row: Row, read: Callable[[Connection, Actor], Awaitable[Row]]
) -> Response:
    """How far background work is: the row as it was read, or a stream of it as the work gets on.

    `read` reads the same row again, under the rights that the actor has then.
    """
    if not wants_events(request):
        return answer_one(request, row)
    return answer_events(request, progress_source(row["id"], read), progress_event(row))


async def _events(
    request: Request, source: Source, token: str, first: Row
) -> AsyncGenerator[bytes]:
    held = resources(request)
    yield f"retry: {RETRY}\n\n".encode() + _event(source.name, first)
    following = held.live.follow(held.pool, held.tokens, token, source, first)
    try:
        async with aclosing(following):
            async for row in following:
                yield b":\n\n" if row is None else _event(source.name, row)
    except DomainError as refusal:
        problem = refusal_problem(
            refusal, language=language(request), request_id=request_id(request)
        )
        yield b"event: end\ndata: " + _encode(problem) + b"\n\n"


def _event(name: str, row: Row) -> bytes:
    return f"id: {row['position']}\nevent: {name}\ndata: ".encode() + _encode(row) + b"\n\n"
