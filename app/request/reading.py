"""From which server a request reads: the primary, or a replica where a few seconds make no difference."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import Request, Response

from app.database.pool import SIGHT, Pool
from app.database.replicas import Replicas, Stale
from app.domain.access.actors import Actor
from app.domain.access.walled import wall_of
from app.sql import Connection

__all__ = ["answer_even_if_stale", "open_reading"]

_AT_PRIMARY = ("app.api.access.", "app.api.exchange.")
"""Who has which right, and what others follow without a gap, is never read from a replica."""


def open_reading(
    request: Request, pool: Pool, replicas: Replicas | None, actor: Actor
) -> AbstractAsyncContextManager[Connection]:
    """A connection on which this request may read, behind the second wall."""
    sight, wall = SIGHT.get(), wall_of(actor)
    if replicas is None or sight is None or not _may_lag(request):
        return pool.connection(wall)
    return replicas.connection(actor.account_id, sight, wall)


def _may_lag(request: Request) -> bool:
    """Whether a request may be answered with what was so a few seconds ago."""
    scope = request.scope
    return (
        scope["method"] == "GET"
        and "at_primary" not in scope
        and not scope["endpoint"].__module__.startswith(_AT_PRIMARY)
    )


async def answer_even_if_stale(
    request: Request, answer: Callable[[], Coroutine[Any, Any, Response]]
) -> Response:
    """The answer, asked for again at the primary where a replica could not finish it."""
    try:
        return await answer()
    except Stale:
        sight = SIGHT.get()
        if sight is None or sight.wrote:
            raise
        request.scope["at_primary"] = True
        return await answer()
