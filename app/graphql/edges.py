"""Declared edges: which read of the domain leads from one type to another, and by which key.

An edge is data, not code. Here one generic mechanism serves them all: the keys of all parents of a
level are gathered, and the plural read is called once with them. `EDGES` lists what was declared.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import strawberry

from app.graphql.context import Context
from app.graphql.execution import EDGE

PluralRead = Callable[..., Awaitable[Mapping[Any, Any]]]
"""`async def things_of(db, actor, *, <keys>, …) -> dict` of the domain."""


@dataclass(frozen=True, eq=False)
class Edge:
    """One edge: the read, the parameter that takes the parents' keys, the parent's key column."""

    read: PluralRead
    keys: str
    key: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def takes_columns(self) -> bool:
        """Whether the read can be told which columns are wanted."""
        return "columns" in signature(self.read).parameters

    async def load(
        self,
        context: Context,
        keys: list[Any],
        arguments: Mapping[str, Any],
        columns: frozenset[str] | None = None,
    ) -> Mapping[Any, Any]:
        """What this edge leads to from each of these keys, by one call of its read.

        A read that takes `columns` reads no others.
        """
        only = {"columns": columns} if self.takes_columns else {}
        return await context.read(
            lambda db: self.read(db, context.actor, **{self.keys: keys}, **arguments, **only)
        )

    async def resolve(
        self, context: Context, parent: Mapping[str, Any], given: dict[str, Any]
    ) -> Any:
        """What this edge leads to from one parent, loaded together with all its siblings."""
        key = parent[self.key]
        if key is None:
            return None

        async def load(keys: list[Any]) -> list[Any]:
            found = await self.load(context, keys, given)
            return [found.get(each) for each in keys]

        identity = (self.read, self.keys, tuple(sorted(given.items())))
        return await context.loader(identity, load).load(key)


_Parent = strawberry.Parent[Any]
_Info = strawberry.Info

EDGES: list[Edge] = []
"""Every declared edge."""


def lazy(module: str, name: str) -> Any:
    """A type of another module of this face, found when the schema is built."""
    return Annotated[name, strawberry.lazy(module)]


def edge(
    read: PluralRead,
    leads_to: Any,
    *,
    many: bool,
    keys: str,
    key: str = "id",
    description: str,
    arguments: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> Any:
    """Declare an edge as a field of a type, by the plural read that it stands for.

    With `many` it leads to a list, otherwise to one thing or null. `arguments` are the field's own
    (name to annotation), handed on to the read by the same name.
    """
    declared = Edge(
        read=read, keys=keys, key=key, arguments=arguments or {}, defaults=defaults or {}
    )
    EDGES.append(declared)

    async def resolver(root: Any, info: Any, **given: Any) -> Any:
        return await declared.resolve(info.context, root, given)

    answer = list[leads_to] if many else leads_to | None
    resolver.__annotations__ = {
        "root": _Parent,
        "info": _Info,
        **declared.arguments,
        "return": answer,
    }
    resolver.__signature__ = _signature(declared, answer)  # type: ignore[attr-defined]  # read below
    return strawberry.pydantic.field(resolver, description=description, metadata={EDGE: declared})


def _signature(declared: Edge, answer: Any) -> Signature:
    """The resolver's signature as Strawberry reads it: the parent, the request, the arguments."""
    named = Parameter.POSITIONAL_OR_KEYWORD
    arguments = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            annotation=annotation,
            default=declared.defaults.get(name),
        )
        for name, annotation in declared.arguments.items()
    ]
    return Signature(
        [
            Parameter("root", named, annotation=_Parent),
            Parameter("info", named, annotation=_Info),
            *arguments,
        ],
        return_annotation=answer,
    )
