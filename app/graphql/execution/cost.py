"""What an operation may cost: how deep it goes, how many aliases it has, how many fields it answers.

A thing that leads to others is a branch: what it costs to plan, to validate and to read does not
depend on how many things it answers with, so branches have a limit of their own.

A field costs one, plus what its selection costs times how many things it may answer with: the value
of its size argument (`first`), the length of its list of keys (`ids`), or a usual number for lists
with neither. A connection takes the size for the lists inside it: each of them is of so many things,
the connection itself and its `pageInfo` are there once. A fragment is measured once for each size
and remembered, so that a bomb of nested fragments is refused as fast as it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from app.graphql.execution.refusals import TooExpensive


@dataclass(frozen=True, slots=True)
class Cost:
    """The size of an operation, or of a part of it."""

    depth: int = 0
    aliases: int = 0
    branches: int = 0
    """How often it goes on into things, each time perhaps by a read of its own."""
    fields: int = 0
    """How many fields the answer may have."""
    dearest: tuple[str, ...] = ()
    """The path that costs most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operation may cost at most, and how it is priced."""

    deepest: int
    most_aliases: int
    dearest: int
    """Fields of the answer."""
    largest_page: int
    usual_list: int
    """How many things a list without a size usually has."""
    most_branches: int = 100
    size_argument: str = "first"
    keys_argument: str = "ids"

    def error(self, cost: Cost, node: OperationDefinitionNode) -> TooExpensive | None:
        """Why an operation of this cost is refused; None where it is not."""
        for what, found, limit in (
            ("depth", cost.depth, self.deepest),
            ("aliases", cost.aliases, self.most_aliases),
            ("branches", cost.branches, self.most_branches),
            ("cost", cost.fields, self.dearest),
        ):
            if found > limit:
                path = ".".join(cost.dearest)
                return TooExpensive(node, what=what, found=found, limit=limit, dearest=path)
        return None


def measure(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    limits: Limits,
    variables: Mapping[str, Any] | None = None,
) -> Cost:
    """The cost of an operation; sizes given by variables count as one while those are not known."""
    root = schema.get_root_type(operation.operation)
    return _Measure(schema, fragments, limits, variables or {}).selection(
        operation.selection_set, root
    )


def size_of(value: Any) -> int | None:
    """The size that a variable says: its value, or how many keys it holds; None for all else."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) else None


class _Measure:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        limits: Limits,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._limits = limits
        self._variables = variables
        self._measured: dict[tuple[str, int | None], Cost] = {}

    def selection(
        self, selection: SelectionSetNode | None, parent: Any, size: int | None = None
    ) -> Cost:
        """The cost of a selection on a type; what is not valid there costs nothing.

        On a connection, `size` is how many things its lists may have.
        """
        if selection is None or parent is None:
            return Cost()
        depth = aliases = branches = fields = most = 0
        dearest: tuple[str, ...] = ()
        for node in selection.selections:
            part = self._part(node, parent, size)
            depth = max(depth, part.depth)
            # Beyond the limits the exact number does not matter, and need not grow without end.
            aliases = min(aliases + part.aliases, 10 * self._limits.most_aliases)
            branches = min(branches + part.branches, 10 * self._limits.most_branches)
            fields = min(fields + part.fields, 100 * self._limits.dearest)
            if part.fields > most:
                most, dearest = part.fields, part.dearest
        return Cost(depth, aliases, branches, fields, dearest)

    def _part(self, node: Any, parent: Any, size: int | None) -> Cost:
        if isinstance(node, FieldNode):
            return self._field(node, parent, size)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inside = self._schema.get_type(condition.name.value) if condition else parent
            return self.selection(node.selection_set, inside, size)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101  there is no fourth kind
        return self._fragment(node.name.value, size)

    def _fragment(self, name: str, size: int | None) -> Cost:
        key = name, size
        if key not in self._measured:
            self._measured[key] = Cost()  # a circle is for validation to refuse: it costs nothing
            fragment = self._fragments.get(name)
            if fragment is not None:
                inside = self._schema.get_type(fragment.type_condition.name.value)
                self._measured[key] = self.selection(fragment.selection_set, inside, size)
        return self._measured[key]

    def _field(self, node: FieldNode, parent: Any, size: int | None) -> Cost:
        key = (node.alias or node.name).value
        alias = int(node.alias is not None)
        definition = getattr(parent, "fields", {}).get(node.name.value)
        named = None if definition is None else get_named_type(definition.type)
        if definition is None or not is_composite_type(named):
            return Cost(1, alias, 0, 1, (key,))
        things = self._how_many(node, definition, size)
        is_page = "pageInfo" in getattr(named, "fields", {})
        inner = self.selection(node.selection_set, named, things if is_page else None)
        fields = 1 + (1 if is_page else things) * inner.fields
        deepest = 10 * self._limits.deepest
        return Cost(
            min(1 + inner.depth, deepest),
            alias + inner.aliases,
            1 + inner.branches,
            fields,
            (key, *inner.dearest)[:deepest],
        )

    def _how_many(self, node: FieldNode, definition: GraphQLField, size: int | None) -> int:
        """How many things a field may answer with; `size`, if it stands in a connection of so many."""
        for name in (self._limits.size_argument, self._limits.keys_argument):
            if name in definition.args:
                arguments = node.arguments or ()
                given = next((each.value for each in arguments if each.name.value == name), None)
                return self._size(given, definition.args[name].default_value)
        bare = definition.type
        bare = bare.of_type if isinstance(bare, GraphQLNonNull) else bare
        if not isinstance(bare, GraphQLList):
            return 1
        return self._limits.usual_list if size is None else size

    def _size(self, given: Any, default: Any) -> int:
        """The size that an argument says, between one and the largest page."""
        largest = self._limits.largest_page
        value = default
        if isinstance(given, VariableNode):
            value = size_of(self._variables.get(given.name.value, 1))
        elif isinstance(given, IntValueNode):
            value = int(given.value) if len(given.value) < 10 else largest
        elif isinstance(given, ListValueNode):
            value = len(given.values)
        return min(max(value, 1), largest) if isinstance(value, int) else largest
