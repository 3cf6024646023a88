"""A directory of the routes: finds a request's route by the words of its path.

FastAPI tries one route after the other, some four microseconds each, so that every noun would make
every request dearer. The directory walks the words of the path once, however many routes there are.
It stands before the routes themselves: what it does not know (an unknown path, a method that is not
allowed) is left to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fastapi.routing import RouteContext
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from app.request.telemetry import tell_route


@dataclass
class _Word:
    """One word of a path: the words that may follow it, and the routes that end with it."""

    following: dict[str, "_Word"] = field(default_factory=dict)
    parameter: "_Word | None" = None
    routes: dict[str, tuple[RouteContext, tuple[str, ...]]] = field(default_factory=dict)


class Directory(BaseRoute):
    """All routes of an application by the words of their paths; a parameter stands for one word."""

    def __init__(self, routes: Iterable[RouteContext]) -> None:
        self._root = _Word()
        for route in routes:
            path = route.path
            if path is not None and ":" not in path and hasattr(route, "app"):
                self._enter(route, path.strip("/").split("/"))

    def _enter(self, route: RouteContext, words: list[str]) -> None:
        here, names = self._root, []
        for word in words:
            if word.startswith("{"):
                names.append(word[1:-1])
                here.parameter = here.parameter or _Word()
                here = here.parameter
            else:
                here = here.following.setdefault(word, _Word())
        for method in route.methods or ():
            here.routes.setdefault(method, (route, tuple(names)))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match, or none: then the routes themselves are asked."""
        if scope["type"] != "http" or not scope["path"].startswith("/"):
            return Match.NONE, {}
        here, values = self._root, []
        for word in scope["path"][1:].split("/"):
            following = here.following.get(word)
            if following is None:
                following = here.parameter
                if following is None or not word:
                    return Match.NONE, {}
                values.append(word)
            here = following
        found = here.routes.get(scope["method"])
        if found is None:
            return Match.NONE, {}
        route, names = found
        return Match.FULL, {
            "endpoint": route.endpoint,
            "path_params": dict(zip(names, values, strict=True)),
            "route": route.original_route,
            "directory": route,
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with the route that was found, plainly where it can be."""
        route: Any = scope["directory"]
        tell_route(scope, route.path)
        answer_plainly = getattr(scope["route"], "answer_plainly", None)
        if answer_plainly is not None:
            request = Request(scope, receive, send)
            answer = await answer_plainly(request)
            if answer is not None:
                await answer(scope, receive, send)
                return
            receive = _again(request, receive)
        await route.app(scope, receive, send)


def _again(request: Request, receive: Receive) -> Receive:
    """The receiver for the whole way: it gives the body again, if that was read already."""
    body = getattr(request, "_body", None)
    if body is None:
        return receive

    async def give_body() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return give_body
