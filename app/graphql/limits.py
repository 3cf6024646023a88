"""What a document may ask for at most: its depth, its aliases, and how many things it can reach.

The cost of a field is one, plus the cost of its selection times how many things it may answer with:
its `first` (given or the schema's default), or a usual size for lists without one. A connection is
priced where it takes `first`; its `nodes` and `edges` are those same things. Fragments are measured
once and remembered, so that a bomb of nested fragments is refused as fast as it is read.
"""

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    get_named_type,
    is_composite_type,
)

from app.domain.paging import LARGEST_PAGE

DEEPEST = 12
MOST_ALIASES = 30
DEAREST = 150_000
"""Fields of the answer; about a second of one core."""
MOST_TOKENS = 1_000

_USUAL_LIST = 30
"""How many things a list without `first` usually has: counties of a city, schools of a county."""


_WHAT = {"depth": "嵌套层数", "number of aliases": "别名数", "cost": "开销"}


class TooExpensive(GraphQLError):
    """The document goes beyond a limit."""

    def __init__(self, what: str, found: int, limit: int, node: Any) -> None:
        self._figures = (what, found, limit)
        super().__init__(
            self.words("en"),
            node,
            extensions={
                "code": "too_expensive",
                "status": 400,
                "details": {"what": what, "found": found, "limit": limit},
            },
        )

    def words(self, language: str) -> str:
        """The same in `zh` or `en`."""
        what, found, limit = self._figures
        if language == "zh":
            return f"查询的{_WHAT[what]}为 {found}，超过上限 {limit}。"
        return f"The document's {what} is {found}, more than the limit of {limit}."


@dataclass(frozen=True, slots=True)
class Measure:
    """The size of a selection."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0


class Limits(ValidationRule):
    """The validation rule; it measures each operation of the document."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[tuple[str, str], Measure | None] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Measure one operation."""
        root = self.context.schema.get_root_type(node.operation)
        measure = self._selection(node.selection_set, root)
        for what, found, limit in (
            ("depth", measure.depth, DEEPEST),
            ("number of aliases", measure.aliases, MOST_ALIASES),
            ("cost", measure.cost, DEAREST),
        ):
            if found > limit:
                self.report_error(TooExpensive(what, found, limit, node))
                return

    def _selection(self, selection: SelectionSetNode | None, parent: Any) -> Measure:
        if selection is None or parent is None:
            return Measure()
        depth = aliases = cost = 0
        for node in selection.selections:
            part = self._part(node, parent)
            depth = max(depth, part.depth)
            # Beyond the limits the exact number does not matter, and need not grow without end.
            aliases = min(aliases + part.aliases, 10 * MOST_ALIASES)
            cost = min(cost + part.cost, 100 * DEAREST)
        return Measure(depth, aliases, cost)

    def _part(self, node: Any, parent: Any) -> Measure:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inside = self.context.schema.get_type(condition.name.value) if condition else parent
            return self._selection(node.selection_set, inside)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101  there is no fourth kind
        return self._fragment(node.name.value)

    def _fragment(self, name: str) -> Measure:
        fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
        if fragment is None:
            return Measure()
        key = (name, fragment.type_condition.name.value)
        if key not in self._fragments:
            self._fragments[key] = None  # a circle is another rule's to report: it counts nothing
            inside = self.context.schema.get_type(key[1])
            self._fragments[key] = self._selection(fragment.selection_set, inside)
        return self._fragments[key] or Measure()

    def _field(self, node: FieldNode, parent: Any) -> Measure:
        alias = int(node.alias is not None)
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None or node.selection_set is None:
            return Measure(1, alias, 1)
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return Measure(1, alias, 1)
        inner = self._selection(node.selection_set, named)
        cost = 1 + _how_many(node, definition, parent) * inner.cost
        return Measure(1 + inner.depth, alias + inner.aliases, cost)


def _how_many(node: FieldNode, definition: GraphQLField, parent: Any) -> int:
    """How many things a field may answer with."""
    first = definition.args.get("first")
    if first is not None:
        given = next(
            (each.value for each in node.arguments or () if each.name.value == "first"), None
        )
        if given is None:
            return (
                int(first.default_value) if isinstance(first.default_value, int) else LARGEST_PAGE
            )
        return _small_number(given) or LARGEST_PAGE
    bare = (
        definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
    )
    if not isinstance(bare, GraphQLList) or "pageInfo" in parent.fields:
        return 1
    return _USUAL_LIST


def _small_number(value: Any) -> int | None:
    """The number that a literal says; None where no page is that large, or a variable says it."""
    is_small = isinstance(value, IntValueNode) and value.value.isdigit() and len(value.value) < 4
    return int(value.value) if is_small else None
