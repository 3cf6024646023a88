"""The declared edges, as REST includes what they lead to."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from app.domain.access.actors import Actor
from app.graphql.execution import Expansion, Tree
from app.graphql.limits import LIMITS
from app.graphql.schema import schema
from app.sql import Connection, Row

DEEPEST = 3


class _Asking:
    """What an edge needs to know of a request."""

    def __init__(self, db: Connection, actor: Actor) -> None:
        self.actor = actor
        self._db = db

    async def read(self, read: Callable[[Connection], Awaitable[Any]]) -> Any:
        """What one read of the domain answers."""
        return await read(self._db)


class SchemaEdges:
    """The edges of the schema's types, by the names of REST."""

    def __init__(self) -> None:
        self._expansion = Expansion(schema, LIMITS)

    def names(self, kind: str, deepest: int = DEEPEST) -> Collection[str]:
        """The names of the edges of a type; what they lead to in turn after a dot."""
        names = []
        for name, step in self._expansion.edges.get(kind, {}).items():
            names.append(name)
            if deepest > 1:
                below = self.names(step.leads_to, deepest - 1)
                names.extend(f"{name}.{each}" for each in below)
        return names

    def things(self, kind: str, paths: Collection[tuple[str, ...]]) -> int:
        """How many things these edges may lead to from one."""
        return self._expansion.things(kind, _tree(paths))

    async def include(
        self,
        db: Connection,
        actor: Actor,
        kind: str,
        paths: Collection[tuple[str, ...]],
        rows: list[Row],
    ) -> None:
        """Put what these edges lead to into the rows."""
        await self._expansion.expand(_Asking(db, actor), kind, _tree(paths), rows)


def _tree(paths: Collection[tuple[str, ...]]) -> Tree:
    tree: Tree = {}
    for path in paths:
        at = tree
        for name in path:
            at = at.setdefault(name, {})
    return tree
