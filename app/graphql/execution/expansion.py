"""Edges for rows that are there already: what REST puts into its answers under `include=`.

The same edges, followed in the same way: each is one read for a whole level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type
from strawberry import Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.graphql.execution.cost import Limits
from app.graphql.execution.plan import EDGE, Link
from app.graphql.execution.sources import follow

NODES = "nodes"
"""The field of a connection that holds its things, and the column from which it is taken."""

Tree = dict[str, "Tree"]
"""Names of edges, and below each the names of the edges of what it leads to."""


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a type: where it leads, and to how many things at most, or usually.

    Of a connection (`paged`) it is the things of its first page, without what is said of the page.
    """

    link: Link
    leads_to: str
    size: int
    arguments: Mapping[str, Any]
    paged: bool


class Expansion:
    """The edges of a schema's types, by their names in Python."""

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._limits = limits
        built: Any = schema._schema  # noqa: SLF001  graphql-core's schema has no public name
        self.edges: dict[str, Mapping[str, Step]] = {
            kind.name: self._edges(kind)
            for kind in built.type_map.values()
            if isinstance(kind, GraphQLObjectType)
        }

    def _edges(self, kind: GraphQLObjectType) -> dict[str, Step]:
        found = {}
        for field in kind.fields.values():
            declared: Any = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if declared is not None and EDGE in declared.metadata and not declared.extensions:
                bare: Any = field.type
                bare = bare.of_type if isinstance(bare, GraphQLNonNull) else bare
                named = self._limits.size_argument
                arguments = {named: field.args[named].default_value} if named in field.args else {}
                usual = self._limits.usual_list if isinstance(bare, GraphQLList) else 1
                things: Any = get_named_type(bare)
                paged = "pageInfo" in getattr(things, "fields", ())
                if paged:
                    things = get_named_type(things.fields[NODES].type)
                found[declared.python_name] = Step(
                    declared.metadata[EDGE],
                    things.name,
                    arguments.get(named, usual),
                    arguments,
                    paged,
                )
        return found

    def things(self, kind: str, tree: Tree) -> int:
        """How many things one row of this type may lead to by these edges."""
        steps = self.edges.get(kind, {})
        return sum(
            steps[name].size * (1 + self.things(steps[name].leads_to, below))
            for name, below in tree.items()
        )

    async def expand(self, context: Any, kind: str, tree: Tree, rows: list[Any]) -> None:
        """Put what these edges lead to into the rows, each under its name."""
        for name, below in tree.items():
            step = self.edges[kind][name]
            keys = [row[step.link.key] for row in rows]
            values = await follow(step.link, context, keys, step.arguments, None, {None: None})
            if step.paged:
                values = [value and value[NODES] for value in values]
            for row, value in zip(rows, values, strict=True):
                row[name] = value
            reached = [
                thing
                for value in values
                for thing in (value if isinstance(value, list) else [value])
                if thing is not None
            ]
            if below and reached:
                one_of_each = list({id(thing): thing for thing in reached}.values())
                await self.expand(context, step.leads_to, below, one_of_each)
