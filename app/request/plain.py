"""Plain calls: handlers whose arguments need no solving are called directly.

Most requests bring nothing but keys in the path, single values in the query and a command in the body; what
else a handler could be given (certain headers) keeps its default. FastAPI's solver takes longer over these
than the database over its statement (decision record 0010), so they are read here. Whatever does not fit, a
request or a whole handler, goes the whole way, and is answered and refused as FastAPI does it.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, get_type_hints
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response, params
from pydantic import BaseModel, TypeAdapter

Function = Callable[..., Awaitable[Any]]


class _NotPlain(Exception):
    """Something in a signature needs solving."""


@dataclass
class _Query:
    """An argument that may stand in the query."""

    argument: str
    hint: Any

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What makes a value of the text; made when it is asked for first, for there are thousands."""
        return TypeAdapter(self.hint)


@dataclass
class _Call:
    """How a function's arguments are found: by name, each from one source."""

    function: Function
    defaults: dict[str, Any] = field(default_factory=dict)
    headers: set[str] = field(default_factory=set)
    """Headers that would take the place of a default, those of its dependencies included."""
    requests: list[str] = field(default_factory=list)
    dependencies: dict[str, "_Call"] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    bodies: dict[str, type[BaseModel]] = field(default_factory=dict)
    queries: dict[str, _Query] = field(default_factory=dict)
    """By their names in the query."""

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
        elif isinstance(said, params.Query):
            self.queries[said.alias or name] = _Query(name, hint)
            if default is not inspect.Parameter.empty:
                self.defaults[name] = default
        elif isinstance(said, params.Header) and default is not inspect.Parameter.empty:
            self.defaults[name] = default
            self.headers.add(said.alias or name.replace("_", "-"))
        elif path and hint is UUID and f"{{{name}}}" in path:
            self.keys.append(name)
        elif path and inspect.isclass(hint) and issubclass(hint, BaseModel):
            self.bodies[name] = hint
        else:
            raise _NotPlain

    def names(self) -> set[str]:
        """What may stand in the query, for this and for what it depends on."""
        return {*self.queries}.union(*(each.names() for each in self.dependencies.values()))

    async def read(
        self, request: Request, query: dict[str, str], brought: dict[Function, dict[str, Any]]
    ) -> None:
        """Put what the request brings with each function it is for; `ValueError` if something does not fit."""
        values = brought[self.function] = {}
        for name in self.keys:
            values[name] = UUID(request.path_params[name])
        for name, asked in self.queries.items():
            if name in query:
                values[asked.argument] = asked.adapter.validate_python(query[name])
            elif asked.argument not in self.defaults:
                raise ValueError(name)
        for call in self.dependencies.values():
            if call.function not in brought:
                await call.read(request, query, brought)
        for name, model in self.bodies.items():
            values[name] = model.model_validate_json(await request.body())

    async def complete(
        self,
        brought: dict[Function, dict[str, Any]],
        request: Request,
        known: dict[Function, Any],
    ) -> dict[str, Any]:
        """All arguments; each dependency is asked once a request, and may refuse it."""
        values = self.defaults | brought[self.function]
        for name in self.requests:
            values[name] = request
        for name, call in self.dependencies.items():
            if call.function not in known:
                arguments = await call.complete(brought, request, known)
                known[call.function] = await call.function(**arguments)
            values[name] = known[call.function]
        return values


def _is_fastapis(metadata: Any) -> bool:
    return isinstance(metadata, params.Depends | params.Param | params.Body)


class PlainCall:
    """The plain way to call one handler, in two steps: read, then answer."""

    def __init__(self, call: _Call) -> None:
        self._call, self._names = call, call.names()

    @classmethod
    def of(cls, handler: Callable[..., Any], path: str) -> Self | None:
        """The plain call of a handler at a path, or None where its signature needs solving."""
        try:
            return cls(_Call.of(handler, path))
        except _NotPlain:
            return None

    async def read(self, request: Request) -> dict[Function, dict[str, Any]] | None:
        """What the request brings, or None if it is to go the whole way; nothing is opened yet."""
        headers, call = request.headers, self._call
        if any(name in headers for name in call.headers):
            return None
        if call.bodies and headers.get("content-type") != "application/json":
            return None
        told = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        query = dict(told)
        if len(query) < len(told) or not query.keys() <= self._names:
            return None
        brought: dict[Function, dict[str, Any]] = {}
        try:
            await call.read(request, query, brought)
        except ValueError:
            return None
        return brought

    async def answer(self, request: Request, brought: dict[Function, dict[str, Any]]) -> Response:
        """The handler's answer to a request that was read."""
        answer: Response = await self._call.function(
            **await self._call.complete(brought, request, {})
        )
        return answer
