"""How a column of values is written: all values of one field of one level at once.

Most values are already what the encoder of the answer writes as the type demands (a text, a UUID, a
decimal), which is seen from the set of their Python types. What does not fit raises, whatever it is:
the caller then goes value by value, for an error needs to say where it is.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any
from uuid import UUID

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    Undefined,
)

Column = list[Any]
Write = Callable[[Column], Column]

AS_THEY_ARE: dict[str, frozenset[type]] = {
    "Boolean": frozenset({bool}),
    "Date": frozenset({date}),
    "Decimal": frozenset({Decimal, str}),
    "ID": frozenset({UUID}),
    "Int": frozenset({int}),
    "String": frozenset({str}),
    "UUID": frozenset({UUID}),
}
"""Scalars whose values of these Python types are encoded as the scalar itself would write them."""


class Unwritable(TypeError):
    """A value of the column is not what its type allows."""


def write_leaf(kind: GraphQLLeafType, value: Any) -> Any:
    """One value as its scalar or enum writes it."""
    written = kind.coerce_output_value(value)
    if written is None or written is Undefined:
        raise Unwritable(f"A {kind.name} was written as nothing.")
    return written


def column_writer(kind: GraphQLOutputType) -> Write:
    """What writes a column of this leaf type, or of lists of it."""
    required = isinstance(kind, GraphQLNonNull)
    bare: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(bare, GraphQLList):
        return _lists(column_writer(bare.of_type), required=required)
    if isinstance(bare, GraphQLEnumType):
        return _enums(bare, required=required)
    return _scalars(bare, required=required)


def _kinds(values: Column, *, required: bool) -> set[type]:
    kinds = set(map(type, values))
    if type(None) in kinds:
        if required:
            raise Unwritable("A value is missing.")
        kinds.remove(type(None))
    return kinds


def _scalars(kind: Any, *, required: bool) -> Write:
    usual = AS_THEY_ARE.get(kind.name, frozenset())
    plain = set(usual)

    def write(values: Column) -> Column:
        kinds = _kinds(values, required=required)
        if kinds <= plain and (int not in plain or _in_range(values)):
            return values
        if UUID in usual and all(issubclass(each, UUID) for each in kinds):
            plain.update(kinds)  # the driver has a faster UUID of its own
            return values
        return [None if value is None else write_leaf(kind, value) for value in values]

    return write


def _in_range(values: Column) -> bool:
    """Whether these whole numbers, or nothing, are such as GraphQL has: of 32 bits."""
    numbers = [value for value in values if value is not None]
    return not numbers or (min(numbers) >= GRAPHQL_MIN_INT and max(numbers) <= GRAPHQL_MAX_INT)


def _enums(kind: GraphQLEnumType, *, required: bool) -> Write:
    names: dict[Any, Any] = {each.value: name for name, each in kind.values.items()}
    if not required:
        names[None] = None

    def write(values: Column) -> Column:
        try:
            return [names[value] for value in values]
        except (KeyError, TypeError):
            _kinds(values, required=required)
            return [None if value is None else write_leaf(kind, value) for value in values]

    return write


def _lists(write_items: Write, *, required: bool) -> Write:
    def write(values: Column) -> Column:
        if not _kinds(values, required=required) <= {list, tuple}:
            raise Unwritable("A list is expected.")
        items = list(chain.from_iterable(value for value in values if value is not None))
        written = iter(write_items(items))
        return [None if value is None else list(islice(written, len(value))) for value in values]

    return write
