"""Documents as clients send them: parsed, measured and validated once, then kept for a while.

What is kept is bounded, by number and by the length of the texts; what was refused is kept in the
same way, so that sending the same mistake again costs as little as sending the same document.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Generic, TypeVar

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    visit,
)
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.extensions import AddValidationRules, MaxTokensLimiter
from strawberry.schema.schema import validate_document

from app.graphql.execution.cost import Cost, Limits, measure, size_of
from app.graphql.execution.plan import Plan, Planner, Unplanned
from app.graphql.execution.refusals import PersistedQueryMismatch, PersistedQueryNotFound

V = TypeVar("V")

MOST_KEPT = 500
LONGEST_KEPT = 500_000
"""Characters of all texts together."""
MOST_VARIANTS = 64


class Recent(Generic[V]):
    """What was used last, up to a number of things and to a sum of their weights."""

    def __init__(self, most: int, heaviest: int | None = None) -> None:
        self._most = most
        self._heaviest = heaviest
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """What is kept under a key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: V, weight: int = 1) -> V:
        """Keep this under a key, and forget what was not used for longest if need be."""
        before = self._kept.pop(key, None)
        self._kept[key] = (value, weight)
        self._weight += weight - (0 if before is None else before[1])
        while len(self._kept) > self._most or (
            self._heaviest is not None and self._weight > self._heaviest
        ):
            self._weight -= self._kept.popitem(last=False)[1][1]
        return value


class Refused(Exception):
    """A document that is not run, and the errors that say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        self.errors = list(errors)
        super().__init__()


@dataclass
class Operation:
    """One operation of a valid document, with its plans."""

    node: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    switches: tuple[str, ...]
    """The variables on which `@skip` and `@include` depend."""
    sizes: tuple[str, ...]
    """The variables that say how many things a field may answer with."""
    roots: tuple[str, ...] = ()
    """The names of the fields at its root, those of fragments included, each as often as it is asked for."""
    plans: Recent[Plan | Unplanned] = field(default_factory=lambda: Recent(MOST_VARIANTS))
    costs: Recent[Cost] = field(default_factory=lambda: Recent(MOST_VARIANTS))


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._schema: Any = schema._schema  # noqa: SLF001  graphql-core's schema has no public name
        self._limits = limits
        self._planner = Planner(schema)
        self._most_tokens, self._rules = _rules_of(schema)
        self._kept: Recent[dict[str | None, Operation] | Refused] = Recent(MOST_KEPT, LONGEST_KEPT)
        self._texts: Recent[str] = Recent(MOST_KEPT, LONGEST_KEPT)

    def text(self, text: str | None, digest: str | None) -> str:
        """The text of a document, of which perhaps only the digest was sent."""
        if digest is not None:
            digest = digest.lower()
        if text is None:
            found = None if digest is None else self._texts.get(digest)
            if found is None:
                raise Refused(PersistedQueryNotFound())
            return found
        if digest is not None:
            if sha256(text.encode()).hexdigest() != digest:
                raise Refused(PersistedQueryMismatch())
            self._texts.keep(digest, text, len(text))
        return text

    def operation(self, text: str, name: str | None) -> Operation:
        """One operation of a document by its name, or the only one."""
        found = self._kept.get(text)
        if found is None:
            try:
                found = self._read(text)
            except Refused as refused:
                found = refused
            self._kept.keep(text, found, len(text))
        if isinstance(found, Refused):
            raise Refused(*found.errors)
        if name is None and len(found) != 1:
            raise Refused(GraphQLError("Must provide operation name if there are several."))
        operation = next(iter(found.values())) if name is None else found.get(name)
        if operation is None:
            raise Refused(GraphQLError("Unknown operation."))
        return operation

    def cost(self, operation: Operation, variables: VariableValues) -> Cost:
        """What an operation costs with these variables; refused beyond a limit."""
        values = variables.coerced
        key = tuple(size_of(values.get(name)) for name in operation.sizes)
        cost = operation.costs.get(key)
        if cost is None:
            cost = measure(self._schema, operation.node, operation.fragments, self._limits, values)
            operation.costs.keep(key, cost)
        self._check(cost, operation.node)
        return cost

    def plan(self, operation: Operation, variables: VariableValues) -> Plan | Unplanned:
        """The plan of an operation with these variables."""
        # Another operation of the document may mean something else by the same name.
        key = tuple(variables.coerced.get(name) is True for name in operation.switches)
        plan = operation.plans.get(key)
        if plan is None:
            try:
                plan = self._planner.plan(operation.node, operation.fragments, variables)
            except Unplanned as unplanned:
                plan = unplanned
            operation.plans.keep(key, plan)
        return plan

    def _read(self, text: str) -> dict[str | None, Operation]:
        """The operations of a new document, measured before it is validated: that takes longer."""
        try:
            document = parse(text, max_tokens=self._most_tokens)
        except GraphQLError as error:
            raise Refused(error) from None
        fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        operations = [
            each for each in document.definitions if isinstance(each, OperationDefinitionNode)
        ]
        for each in operations:
            self._check(measure(self._schema, each, fragments, self._limits), each)
        errors = validate_document(self._schema, document, self._rules)
        if errors:
            raise Refused(*errors)
        if not operations:
            raise Refused(GraphQLError("Must provide an operation."))
        variables = _Variables({self._limits.size_argument, self._limits.keys_argument})
        visit(document, variables)
        return {
            each.name.value if each.name else None: Operation(
                each,
                fragments,
                tuple(variables.switches),
                tuple(variables.sizes),
                tuple(_roots(each.selection_set, fragments)),
            )
            for each in operations
        }

    def _check(self, cost: Cost, node: OperationDefinitionNode) -> None:
        error = self._limits.error(cost, node)
        if error is not None:
            raise Refused(error)


def _roots(
    selected: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]
) -> Iterator[str]:
    """The names of what is selected, in fragments too; they form no circle, as was validated."""
    for each in selected.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, FragmentSpreadNode):
            yield from _roots(fragments[each.name.value].selection_set, fragments)
        elif isinstance(each, InlineFragmentNode):
            yield from _roots(each.selection_set, fragments)


class _Variables(Visitor):
    """Finds the variables on which plans and costs depend."""

    def __init__(self, size_arguments: set[str]) -> None:
        super().__init__()
        self._size_arguments = size_arguments
        self.switches: dict[str, None] = {}
        self.sizes: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.switches[argument.value.name.value] = None

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        if node.name.value in self._size_arguments and isinstance(node.value, VariableNode):
            self.sizes[node.value.name.value] = None


def _rules_of(schema: Schema) -> tuple[int | None, tuple[Any, ...]]:
    """The limits that the schema's extensions set; what else they do is not done here, so refuse."""
    if schema.directives or schema.exception_handlers:
        raise TypeError("Operation directives and exception handlers are not executed here.")
    most_tokens: int | None = None
    rules: list[Any] = list(specified_rules)
    for extension in schema.get_extensions():
        if isinstance(extension, MaxTokensLimiter):
            most_tokens = extension.max_token_count
        elif isinstance(extension, AddValidationRules):
            rules.extend(extension.validation_rules)
        else:
            raise TypeError(f"What {type(extension).__name__} does is not done here.")
    return most_tokens, tuple(rules)
