"""Declared edges: which read of the domain leads from one type to another, and by which key.

An edge is data, not code. Here one generic mechanism serves them all: the keys of all parents of a
level are gathered, and the plural read is called once with them. `EDGES` lists what was declared.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import strawberry

from app.graphql.context import Context
from app.graphql.execution import EDGE
from app.graphql.pages import After, Connection, First, Shown, columns_of_page, page_request

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
        only = {"columns": _of_rows(columns)} if self.takes_columns else {}
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


@lru_cache(maxsize=4096)
def _of_rows(columns: frozenset[str] | None) -> frozenset[str] | None:
    """The columns themselves, without what stands inside them: a row is read or not."""
    return None if columns is None else frozenset(each for each in columns if "." not in each)


@dataclass(frozen=True, eq=False)
class PagedEdge(Edge):
    """An edge to an open-ended list: its read takes a page, and answers with that page of each."""

    async def load(
        self,
        context: Context,
        keys: list[Any],
        arguments: Mapping[str, Any],
        columns: frozenset[str] | None = None,
    ) -> Mapping[Any, Any]:
        """The page of each list, as a connection shows it."""
        asked = page_request(arguments["first"], arguments.get("after"), None)
        wanted = None if columns is None else columns_of_page(columns)
        pages = await super().load(context, keys, {"page": asked}, wanted)
        return {key: Shown(page) for key, page in pages.items()}


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

    With `many` it leads to a list that is bounded by what it is of, otherwise to one thing. Either
    may be null, so that an edge that fails leaves what stands beside it. `arguments` are the field's
    own (name to annotation), handed on to the read by the same name.
    """
    declared = Edge(read, keys, key, arguments or {}, defaults or {})
    return edge_field(declared, (list[leads_to] if many else leads_to) | None, description)


def paged_edge(
    read: PluralRead,
    leads_to: Any,
    *,
    keys: str,
    first: int,
    key: str = "id",
    description: str,
) -> Any:
    """Declare an edge to an open-ended list: a connection, with `first` things unless said otherwise."""
    arguments, defaults = {"first": First, "after": After}, {"first": first}
    declared = PagedEdge(read, keys, key, arguments, defaults)
    return edge_field(declared, Connection[leads_to] | None, description)


def edge_field(declared: Edge, answer: Any, description: str) -> Any:
    """The field of a type that stands for an edge and is answered with this type."""
    EDGES.append(declared)

    async def resolver(root: Any, info: Any, **given: Any) -> Any:
        return await declared.resolve(info.context, root, given)

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
