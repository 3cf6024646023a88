"""What a document asks for, worked out once: per type the fields, and where each comes from.

Fragments are dissolved, fields that are asked for twice are merged, `@skip` and `@include` are
decided (by graphql-core's own `collect_fields`, so that they mean here what they mean there). A plan
therefore holds for the values of the variables in those directives, and for any others.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.types.field import StrawberryField

from app.graphql.execution.arguments import DECLARED, argument_converter
from app.graphql.execution.leaves import Write, column_writer

EDGE = "edge"
"""The name under which a field's metadata hold its `Link`."""


class Link(Protocol):
    """An edge: it leads from all things of a level to others by one read."""

    @property
    def key(self) -> str:
        """The column of the parents whose values the read takes."""

    async def load(
        self,
        context: Any,
        keys: list[Any],
        arguments: Mapping[str, Any],
        columns: frozenset[str] | None,
    ) -> Mapping[Any, Any]:
        """What each of these keys leads to; what is not in the answer leads to nothing.

        Of rows no more than these columns are needed, and of what stands inside a column those
        after its name and a dot; None where it is not known which.
        """


class Unplanned(Exception):
    """Something that is left to graphql-core; `reason` is a word for the metrics."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class Field:
    """One field of an answer, and where its values come from.

    From the parent's `column`; or from where a `link` leads by that column; or, at the root, from
    `resolve`. What is always the same is a `constant`.
    """

    key: str
    parent: GraphQLObjectType
    definition: GraphQLField | None
    nodes: list[FieldNode]
    column: str | None = None
    link: Link | None = None
    resolve: Callable[..., Any] | None = None
    constant: str | None = None
    convert: Callable[[dict[str, Any]], dict[str, Any]] = dict
    write: Write | None = None
    """How a leaf is written; None where the field leads to things."""
    required: bool = False
    many: bool = False
    abstract: bool = False
    item_required: bool = False
    selections: Mapping[str, "Selection"] | None = None
    """What is asked of the things it leads to, by the name of their type."""

    @property
    def name(self) -> str:
        """What the field is called in the schema."""
        return self.nodes[0].name.value


class Shown(msgspec.Struct, gc=False):
    """A thing of an answer: made, kept and encoded for less than a dictionary with the same keys."""

    def __getitem__(self, key: str) -> Any:
        return getattr(self, self.__struct_fields__[self.__struct_encode_fields__.index(key)])


class Selection:
    """What is asked of things of one type."""

    __slots__ = ("fields", "thing")

    def __init__(self, fields: list[Field]) -> None:
        self.fields = fields
        self.thing = _thing(tuple(field.key for field in fields))
        """Makes what is shown of a thing, from the values of the fields."""


@lru_cache(maxsize=2048)
def _thing(keys: tuple[str, ...]) -> Callable[..., Shown]:
    """The kind of things with these keys, in this order."""
    names = {f"field_{n}": key for n, key in enumerate(keys)}
    kind: Any = msgspec.defstruct("Thing", names, bases=(Shown,), rename=names, gc=False)
    made: Callable[..., Shown] = kind
    return made


@dataclass(slots=True)
class Plan:
    """An operation, ready to be run."""

    serial: bool
    root: Selection
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    columns: Mapping[Link, frozenset[str]]
    """The columns that are needed of the rows to which an edge leads, wherever it is followed."""


class Planner:
    """Plans the operations of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._strawberry = schema
        self._schema = schema._schema  # noqa: SLF001  graphql-core's schema has no public name

    def plan(
        self,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> Plan:
        """The plan of an operation; `Unplanned` where it is left to graphql-core."""
        if operation.operation is OperationType.SUBSCRIPTION:
            raise Unplanned("subscription")
        kind = self._schema.get_root_type(operation.operation)
        assert kind is not None  # noqa: S101  a document without it is not valid
        details = {name: FragmentDetails(each) for name, each in fragments.items()}
        collected = collect_fields(self._schema, details, variables, kind, operation)

        def selection_of(kind: GraphQLObjectType, grouped: Any, *, root: bool = False) -> Selection:
            fields = [
                self._field(kind, key, [each.node for each in found], below(found), root=root)
                for key, found in grouped.items()
            ]
            return Selection(fields)

        def below(found: Any) -> Callable[[GraphQLObjectType], Selection]:
            return lambda kind: selection_of(
                kind,
                collect_subfields(
                    self._schema, details, variables, operation, kind, found
                ).grouped_field_set,
            )

        root = selection_of(kind, collected.grouped_field_set, root=True)
        serial = operation.operation is OperationType.MUTATION
        return Plan(serial, root, operation, fragments, _columns(root))

    def _field(
        self,
        parent: GraphQLObjectType,
        key: str,
        nodes: list[FieldNode],
        below: Callable[[GraphQLObjectType], Selection],
        *,
        root: bool,
    ) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return Field(key, parent, None, nodes, constant=parent.name)
        if name.startswith("__"):
            raise Unplanned("introspection")
        definition = parent.fields[name]
        field = Field(key, parent, definition, nodes)
        self._find_source(field, definition, root=root)
        self._find_shape(field, definition.type, below)
        return field

    def _find_source(self, field: Field, definition: GraphQLField, *, root: bool) -> None:
        declared: StrawberryField | None = definition.extensions.get(DECLARED)
        if root and definition.resolve is not None:
            field.resolve = definition.resolve
        elif declared is not None and declared.is_basic_field:
            field.column = declared.python_name
        elif declared is not None and EDGE in declared.metadata and not declared.extensions:
            field.link = declared.metadata[EDGE]
            field.column = declared.metadata[EDGE].key
            field.convert = argument_converter(self._strawberry, declared)
        else:
            raise Unplanned("resolver")

    def _find_shape(
        self, field: Field, kind: Any, below: Callable[[GraphQLObjectType], Selection]
    ) -> None:
        """Whether the field leads to one thing or many, and what is asked of them."""
        named = get_named_type(kind)
        field.required = isinstance(kind, GraphQLNonNull)
        if is_leaf_type(named):
            field.write = column_writer(kind)
            return
        bare = kind.of_type if field.required else kind
        if isinstance(bare, GraphQLList):
            item = bare.of_type
            field.many = True
            field.item_required = isinstance(item, GraphQLNonNull)
            if isinstance(item.of_type if field.item_required else item, GraphQLList):
                raise Unplanned("list of lists")
        field.abstract = is_abstract_type(named)
        kinds = self._schema.get_possible_types(named) if field.abstract else (named,)
        field.selections = {each.name: below(each) for each in kinds}


def _columns(root: Selection) -> dict[Link, frozenset[str]]:
    """For each edge the columns of all selections to which it leads."""
    found: dict[Link, frozenset[str]] = {}

    def look(selection: Selection) -> None:
        for field in selection.fields:
            if field.link is not None:
                found[field.link] = found.get(field.link, frozenset()).union(_needed(field))
            for below in (field.selections or {}).values():
                look(below)

    look(root)
    return found


def _needed(field: Field) -> Iterator[str]:
    """The columns of what a field leads to; after a dot those of what stands inside a column."""
    if field.abstract:
        yield "__typename"
    for below in (field.selections or {}).values():
        for each in below.fields:
            if each.column is not None:
                yield each.column
                if each.link is None:
                    yield from (f"{each.column}.{inner}" for inner in _needed(each))
