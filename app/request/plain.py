"""Plain calls: handlers whose arguments need no solving are called directly.

Most requests bring nothing but keys in the path and a command in the body; what else a handler could be
given (a query, certain headers) keeps its default. FastAPI's solver takes longer over these than the
database over its statement (decision record 0010), so they are read here. Whatever does not fit, a
request or a whole handler, goes the whole way, and is answered and refused as FastAPI does it.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self, get_type_hints
from uuid import UUID

from fastapi import Request, Response, params
from pydantic import BaseModel


class _NotPlain(Exception):
    """Something in a signature needs solving."""


@dataclass
class _Call:
    """How a function's arguments are found: by name, each from one source."""

    function: Callable[..., Awaitable[Any]]
    defaults: dict[str, Any] = field(default_factory=dict)
    headers: set[str] = field(default_factory=set)
    """Headers that would take the place of a default, those of its dependencies included."""
    requests: list[str] = field(default_factory=list)
    dependencies: dict[str, "_Call"] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    bodies: dict[str, type[BaseModel]] = field(default_factory=dict)

    @classmethod
    def of(cls, function: Callable[..., Any], path: str | None) -> Self:
        """The call of a handler at a path, or of a dependency; raises `_NotPlain`."""
        call = cls(function)
        if not inspect.iscoroutinefunction(function):
            raise _NotPlain
        hints = get_type_hints(function, include_extras=True)
        for name, parameter in inspect.signature(function).parameters.items():
            call._add(name, hints.get(name), parameter.default, path)
        if len(call.bodies) > 1:
            raise _NotPlain
        return call

    def _add(self, name: str, hint: Any, default: Any, path: str | None) -> None:
        said = next((m for m in getattr(hint, "__metadata__", ()) if _is_fastapis(m)), None)
        if hint is Request:
            self.requests.append(name)
        elif isinstance(said, params.Depends) and said.dependency and said.use_cache:
            self.dependencies[name] = _Call.of(said.dependency, None)
            self.headers |= self.dependencies[name].headers
        elif (
            isinstance(said, params.Query | params.Header)
            and default is not inspect.Parameter.empty
        ):
            self.defaults[name] = default
            if isinstance(said, params.Header):
                self.headers.add(said.alias or name.replace("_", "-"))
        elif path and hint is UUID and f"{{{name}}}" in path:
            self.keys.append(name)
        elif path and inspect.isclass(hint) and issubclass(hint, BaseModel):
            self.bodies[name] = hint
        else:
            raise _NotPlain

    async def read(self, request: Request) -> dict[str, Any]:
        """The keys and the command that the request brings; `ValueError` if one does not fit."""
        values: dict[str, Any] = {}
        for name in self.keys:
            values[name] = UUID(request.path_params[name])
        for name, model in self.bodies.items():
            values[name] = model.model_validate_json(await request.body())
        return values

    async def complete(
        self, values: dict[str, Any], request: Request, known: dict[Any, Any]
    ) -> dict[str, Any]:
        """All arguments; each dependency is asked once a request, and may refuse it."""
        values |= self.defaults
        for name in self.requests:
            values[name] = request
        for name, call in self.dependencies.items():
            if call.function not in known:
                arguments = await call.complete({}, request, known)
                known[call.function] = await call.function(**arguments)
            values[name] = known[call.function]
        return values


def _is_fastapis(metadata: Any) -> bool:
    return isinstance(metadata, params.Depends | params.Param | params.Body)


class PlainCall:
    """The plain way to call one handler, in two steps: read, then answer."""

    def __init__(self, call: _Call) -> None:
        self._call = call

    @classmethod
    def of(cls, handler: Callable[..., Any], path: str) -> Self | None:
        """The plain call of a handler at a path, or None where its signature needs solving."""
        try:
            return cls(_Call.of(handler, path))
        except _NotPlain:
            return None

    async def read(self, request: Request) -> dict[str, Any] | None:
        """What the request brings, or None if it is to go the whole way; nothing is opened yet."""
        headers, call = request.headers, self._call
        if request.scope["query_string"] or any(name in headers for name in call.headers):
            return None
        if call.bodies and headers.get("content-type") != "application/json":
            return None
        try:
            return await call.read(request)
        except ValueError:
            return None

    async def answer(self, request: Request, brought: dict[str, Any]) -> Response:
        """The handler's answer to a request that was read."""
        answer: Response = await self._call.function(
            **await self._call.complete(brought, request, {})
        )
        return answer
