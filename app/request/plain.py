"""Plain calls: handlers whose arguments need no solving are called directly.

Most handlers ask for nothing but the request, who asks, a connection, keys in the path and a command
in the body. FastAPI's solver takes longer over these than the database over its statement (decision
record 0010), so they are read here; whatever does not fit, a value or a whole handler, goes the whole
way, and is answered and refused as FastAPI does it.
"""

import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Self, get_type_hints
from uuid import UUID

from fastapi import Request, Response, params
from pydantic import BaseModel, ValidationError

Dependency = Callable[[Request], Awaitable[Any]]


class PlainCall:
    """How the arguments of one handler are read from a request."""

    def __init__(
        self, keys: list[str], body: tuple[str, type[BaseModel]] | None, asked: Mapping[str, Any]
    ) -> None:
        self._keys = keys
        self._body = body
        self._asked = asked

    @classmethod
    def of(
        cls,
        handler: Callable[..., Any],
        path: str,
        dependencies: Collection[Dependency],
    ) -> Self | None:
        """The plain call of a handler, or None if anything in its signature needs solving."""
        keys: list[str] = []
        bodies: list[tuple[str, type[BaseModel]]] = []
        asked: dict[str, Any] = {}
        hints = get_type_hints(handler, include_extras=True)
        for name in inspect.signature(handler).parameters:
            hint = hints.get(name)
            if hint is Request:
                asked[name] = None
            elif (dependency := _dependency_of(hint)) in dependencies:
                asked[name] = dependency
            elif hint is UUID and f"{{{name}}}" in path:
                keys.append(name)
            elif inspect.isclass(hint) and issubclass(hint, BaseModel):
                bodies.append((name, hint))
            else:
                return None
        return cls(keys, bodies[0] if bodies else None, asked) if len(bodies) < 2 else None

    async def arguments(self, request: Request) -> dict[str, Any] | None:
        """The arguments, or None if this request is to go the whole way.

        Values are read before anything is opened; a dependency may refuse the request.
        """
        headers = request.headers
        if request.scope["query_string"] or "idempotency-key" in headers:
            return None
        values: dict[str, Any] = {}
        try:
            for name in self._keys:
                values[name] = UUID(request.path_params[name])
            if self._body is not None:
                if headers.get("content-type") != "application/json":
                    return None
                name, model = self._body
                values[name] = model.model_validate_json(await request.body())
        except (ValueError, ValidationError):
            return None
        for name, dependency in self._asked.items():
            values[name] = request if dependency is None else await dependency(request)
        return values


def _dependency_of(hint: Any) -> Any:
    """What an annotation depends on, or None."""
    found = (each for each in getattr(hint, "__metadata__", ()) if isinstance(each, params.Depends))
    return next((each.dependency for each in found), None)


async def answer_plainly(
    call: PlainCall | None,
    handler: Callable[..., Awaitable[Response]],
    whole_way: Callable[[Request], Awaitable[Response]],
    request: Request,
) -> Response:
    """The handler's answer, by the plain call where there is one and it fits."""
    arguments = None if call is None else await call.arguments(request)
    if arguments is None:
        return await whole_way(request)
    return await handler(**arguments)
